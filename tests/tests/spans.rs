//! What a call says of itself to `tracing`: a span at debug level, with the
//! backend, the session, the operation, and what it cost.

use ferogram_session::{BlobStore, KeyValueStore, SessionBackend, SessionCache, UpdateStateChange};
use ferogram_session_tests::secret::{hides, session};
use ferogram_session_tests::stores::{Blobs, FieldMap, Strength, Tables};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// The fields of a span or an event, as text.
type Fields = BTreeMap<&'static str, String>;

/// Keeps every span and every event of this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<(Vec<Fields>, Vec<Fields>)>>);

struct Fill<'a>(&'a mut Fields);

impl Visit for Fill<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        assert_eq!(*metadata.level(), Level::DEBUG, "{metadata:?}");
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::from([("span", span.metadata().name().to_owned())]);
        span.record(&mut Fill(&mut fields));
        let spans = &mut self.0.lock().unwrap().0;
        spans.push(fields);
        Id::from_u64(spans.len() as u64)
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        let fields = &mut self.0.lock().unwrap().0[id.into_u64() as usize - 1];
        values.record(&mut Fill(fields));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::new();
        event.record(&mut Fill(&mut fields));
        self.0.lock().unwrap().1.push(fields);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// One test at a time, from its first call to its last: a place in the code that a
/// thread without a subscriber meets first, while another thread has the only one,
/// counts as one that nobody listens to.
fn in_turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The spans and the events of some calls, none of which shows a secret.
fn log<T>(calls: impl FnOnce() -> T) -> (Vec<Fields>, Vec<Fields>) {
    let log = Log::default();
    tracing::subscriber::with_default(log.clone(), calls);
    let log = log.0.lock().unwrap().clone();
    hides(&format!("{log:?}"));
    log
}

/// The one span of a call.
fn span<T>(call: impl FnOnce() -> std::io::Result<T>) -> Fields {
    let (mut spans, events) = log(|| drop(call().unwrap()));
    assert_eq!((spans.len(), events.len()), (1, 0), "{spans:?} {events:?}");
    spans.remove(0)
}

/// What a span is to say; `bytes` where the mode knows them.
fn says(key: &str, operation: &str, bytes: Option<usize>, round_trips: u32) -> Fields {
    let mut fields = Fields::from([
        ("span", "session".to_owned()),
        ("backend", "mine".to_owned()),
        ("key", key.to_owned()),
        ("operation", operation.to_owned()),
        ("round_trips", round_trips.to_string()),
    ]);
    fields.extend(bytes.map(|bytes| ("bytes", bytes.to_string())));
    fields
}

fn counters() -> UpdateStateChange {
    UpdateStateChange::Secondary { qts: 7 }
}

#[derive(SessionBackend)]
#[session(blob(key = "tg:{account}"), name = "mine")]
struct InBlob {
    #[session(store)]
    store: Blobs,
    account: &'static str,
}

fn in_blob(account: &'static str) -> InBlob {
    InBlob { store: Blobs::new(Strength::Compares), account }
}

#[test]
fn of_a_blob() {
    let _turn = in_turn();
    let backend = in_blob("bot");
    let stored = || backend.store.read("tg:bot").unwrap().map_or(0, |(bytes, _)| bytes.len());
    assert_eq!(span(|| backend.load()), says("tg:bot", "load", Some(0), 1));
    // Read, and written.
    let saved = span(|| backend.save(&session()));
    assert!(stored() > 256);
    assert_eq!(saved, says("tg:bot", "save", Some(stored()), 2));
    let before = stored();
    let changed = span(|| backend.apply_update_state(counters()));
    assert_eq!(changed, says("tg:bot", "apply_update_state", Some(before + stored()), 2));
    assert_eq!(span(|| backend.load()), says("tg:bot", "load", Some(stored()), 1));
    assert_eq!(span(|| backend.delete()), says("tg:bot", "delete", Some(0), 1));
}

#[derive(SessionBackend)]
#[session(key_value(key = "{account}"), name = "mine")]
struct InFields {
    #[session(store)]
    store: FieldMap,
    #[session(cache)]
    cache: SessionCache,
    account: u32,
}

#[test]
fn of_fields() {
    let _turn = in_turn();
    let store = FieldMap::new(Strength::Compares);
    let backend = InFields { store, cache: SessionCache::new(), account: 7 };
    let stored = || -> BTreeMap<_, _> {
        let read = backend.store.read("7").unwrap();
        read.into_iter().flat_map(|(fields, _)| fields).collect()
    };
    let bytes = |fields: &BTreeMap<String, Vec<u8>>| {
        fields.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>()
    };
    let saved = span(|| backend.save(&session()));
    assert_eq!(saved, says("7", "save", Some(bytes(&stored())), 2));
    // From the cache: nothing is read, and one field is written.
    let before = stored();
    let changed = span(|| backend.apply_update_state(counters()));
    let mut written = stored();
    written.retain(|name, value| before.get(name) != Some(value));
    assert_eq!(written.len(), 1);
    assert_eq!(changed, says("7", "apply_update_state", Some(bytes(&written)), 1));
    // Nothing to write, which the store confirms.
    let again = span(|| backend.apply_update_state(counters()));
    assert_eq!(again, says("7", "apply_update_state", Some(0), 1));
    assert_eq!(span(|| backend.load()), says("7", "load", Some(bytes(&stored())), 1));
}

#[derive(SessionBackend)]
#[session(rows, name = "mine")]
struct InRows {
    #[session(store)]
    store: Tables,
}

#[test]
fn of_rows() {
    let _turn = in_turn();
    let backend = InRows { store: Tables::new(Strength::Compares) };
    // The version, and all rows. How much they take the store alone knows.
    let saved = span(|| backend.save(&session()));
    assert_eq!(saved, says("default", "save", None, 2));
    let peer = &session().peers[0];
    assert_eq!(span(|| backend.cache_peer(peer)), says("default", "cache_peer", None, 1));
    let dc = &session().dcs[0];
    assert_eq!(span(|| backend.update_dc(dc)), says("default", "update_dc", None, 1));
    assert_eq!(span(|| backend.set_home_dc(2)), says("default", "set_home_dc", None, 1));
    assert_eq!(span(|| backend.load()), says("default", "load", None, 1));
    assert_eq!(span(|| backend.delete()), says("default", "delete", None, 1));
}

/// There is no session to name, and the call fails all the same.
#[test]
fn of_a_call_whose_key_cannot_be_made() {
    let _turn = in_turn();
    let backend = in_blob("");
    let (spans, events) = log(|| backend.load().unwrap_err());
    let [span] = &spans[..] else { panic!("{spans:?}") };
    assert_eq!((&*span["operation"], span.get("key")), ("load", None));
    let [event] = &events[..] else { panic!("{events:?}") };
    assert_eq!(event["message"], "failed");
    assert!(event["error"].starts_with("mine: load: "), "{event:?}");
}

#[test]
fn of_a_call_that_fails() {
    let _turn = in_turn();
    let backend = in_blob("bot");
    backend.save(&session()).unwrap();
    backend.store.flip_a_bit("tg:bot");
    let (spans, events) = log(|| backend.load().unwrap_err());
    assert_eq!(spans[0].get("operation").map(String::as_str), Some("load"));
    let [event] = &events[..] else { panic!("{events:?}") };
    assert_eq!(event["message"], "failed");
    assert!(event["error"].starts_with("mine: load session \"tg:bot\": "), "{event:?}");
}
