//! No type shows a key, a token, a salt or an access hash, whole or in part;
//! nor does an error about bytes that hold one.

use ferogram_session::testing::{
    Call, Capability, Handle, Outcome, Place, Reference, Suite, cases,
};
use ferogram_session::{
    AsyncReconnect, BinaryFileBackend, Bincode, Blocking, Change, ChannelKind, CopyOptions,
    DcFlags, Dialect, Embedded, Expect, Field, FullSession, InMemoryBackend, Json, MemoryStore,
    Native, PersistedSession, Reconnect, Record, Records, Secret, Session, SessionBackend,
    SessionCache, SessionError, SqlStore, SqliteBackend, Statement, StringSession,
    StringSessionBackend, TablePrefix, UpdateStateChange, Value, Version, Write, Written, copy,
};
use ferogram_session_tests::secret::{KEY, NUMBER, Shown, hides, public_types, session};
use std::io;
use std::path::Path;

#[test]
fn the_test_would_find_them() {
    let found = |shown: String| std::panic::catch_unwind(|| hides(&shown)).is_err();
    assert!(found(format!("{KEY:?}")) && found(format!("{KEY:#?}")) && found(format!("{NUMBER}")));
    assert!(found(session().to_string()) && found(format!("{:x?}", KEY).replace(", ", "")));
}

#[test]
fn in_the_debug_output_of_no_type() {
    let mut shown = Shown::default();
    data(&mut shown);
    parts_of_stores(&mut shown);
    backends(&mut shown);
    of_the_suite(&mut shown);
    let mut all = public_types("ferogram-session");
    // Compiled with a feature of its own.
    all.retain(|name| cfg!(feature = "libsql") || name != "LibSqlBackend");
    assert!(all.len() > 50, "{all:?}");
    let missing: Vec<_> = all.difference(&shown.0).collect();
    assert!(missing.is_empty(), "nobody looks at {missing:?}: add a value that is full of secrets");
}

fn data(shown: &mut Shown) {
    let session = session();
    shown.look(&session);
    shown.look(&session.dcs[0]);
    shown.look(&session.dcs[0].flags);
    shown.look(&session.peers[0]);
    shown.look(&session.min_peers[0]);
    shown.look(&session.updates_state);
    shown.look(&session.stats());
    shown.look(&UpdateStateChange::All(session.updates_state.clone()));
    shown.look(&ChannelKind::Broadcast);
    shown.look(&DcFlags::CDN);
    let records = [
        Record::Dc(Box::new(session.dcs[0].clone())),
        Record::Peer(session.peers[0].clone()),
        Record::Token(Secret(KEY.to_vec())),
    ];
    for record in records {
        shown.look(&record);
        shown.look(&record.id());
        shown.look(&Change::Put(record.clone()));
        shown.look(&Write::Changes(&[Change::Put(record)]));
    }
    shown.look(&session.peers[0].kind());
    shown.look(&Change::MergePeer(session.peers[0].clone()));
    shown.look(&Write::Replace(&session));
    shown.look(&Records::from(session.clone()));
    shown.look(&Secret(KEY.to_vec()));

    let short =
        Session { dc_id: 2, ip: [127, 0, 0, 1].into(), port: 443, auth_key: KEY, user_id: 1 };
    let long = FullSession {
        dc_id: 2,
        ip: [127, 0, 0, 1].into(),
        port: 443,
        auth_key: KEY,
        user_id: 1,
        server_salt: NUMBER,
        seq_no: 0,
        layer: 1,
    };
    shown.look(&short);
    shown.look(&long);
    shown.look(&StringSession::decode(&session.to_string()).unwrap_err());
    shown.look(&StringSession::from(short));
    shown.look(&StringSession::from(long));
}

fn parts_of_stores(shown: &mut Shown) {
    let session = session();
    shown.look(&Field { name: "dc:2:0".into(), value: Some(KEY.to_vec()) });
    let values =
        [Value::Blob(KEY.to_vec()), Value::Integer(NUMBER), Value::Text(session.to_string())];
    values.iter().for_each(|value| shown.look(value));
    shown.look(&Statement::new("SELECT ?1", values.to_vec()));
    shown.look(&Expect::Version(Version::fresh()));
    shown.look(&Version::fresh());
    shown.look(&Written::Version(Version::fresh()));
    shown.look(&Dialect::Postgres);
    shown.look(&TablePrefix::default());
    shown.look(&Native);
    shown.look(&Json);
    shown.look(&Bincode);
    // What was opened, or is to be, is shown by none of these.
    shown.look(&Reconnect::new(|| io::Result::Ok(KEY)));
    shown.look(&AsyncReconnect::new(async || io::Result::Ok(KEY)));
    shown.look(&Embedded::new("store", |_: &Path| io::Result::Ok(KEY)));
    shown.look(&Blocking::new(MemoryStore::default()));
    shown.look(&MemoryStore::default());
    shown.look(&SessionCache::new());
    shown.look(&CopyOptions::new());
    let (from, to) = (InMemoryBackend::new(), InMemoryBackend::new());
    from.save(&session).unwrap();
    let copied = copy(&from, &to).unwrap();
    shown.look(&copied);
    shown.look(&copied.outcome);
    let url = format!("no redis://me:{session}@host/?token={session}");
    let error = SessionError::locate(io::Error::other(url), "redis", Some("bot"), "load");
    let error = SessionError::of(&error).unwrap();
    shown.look(error);
    shown.look(error.details());
}

fn of_the_suite(shown: &mut Shown) {
    let session = session();
    shown.look(&Call::Save(Box::new(session.clone())));
    shown.look(&Call::UpdateDc(session.dcs[0].clone()));
    shown.look(&Call::CachePeer(session.peers[0].clone()));
    shown.look(&Reference::holding(&session));
    let backend = InMemoryBackend::new();
    backend.save(&session).unwrap();
    shown.look(&Handle::with_debug(backend));
    shown.look(&Suite::new(|_| InMemoryBackend::new()));
    shown.look(&Place::new());
    shown.look(&Capability::Persistent);
    shown.look(&Outcome::Passed);
    shown.look(&cases()[0]);
}

fn backends(shown: &mut Shown) {
    let session = session();
    let folder = tempfile::tempdir().unwrap();
    let binary = BinaryFileBackend::new(folder.path().join("bot.session"));
    let sqlite = SqliteBackend::new(folder.path().join("bot.db"));
    let memory = InMemoryBackend::new();
    let string = StringSessionBackend::new(session.to_string());
    let backends: [&dyn SessionBackend; 4] = [&binary, &sqlite, &memory, &string];
    for backend in backends {
        backend.save(&session).unwrap();
        backend.load().unwrap();
        backend.cache_peer(&session.peers[0]).unwrap();
        hides(backend.name());
    }
    shown.look(&binary);
    shown.look(&sqlite);
    shown.look(&memory);
    shown.look(&string);
    shown.look(sqlite.__store() as &SqlStore<_>);
    #[cfg(feature = "libsql")]
    {
        use ferogram_session::LibSqlBackend;
        let local = LibSqlBackend::new(folder.path().join("libsql.db"));
        local.save(&session).unwrap();
        local.load().unwrap();
        hides(local.name());
        shown.look(&local);
        // Nobody answers there; the address and the token are shown to nobody either.
        let url = format!("http://me:{}@127.0.0.1:1/?authToken={}", session, session);
        let remote = LibSqlBackend::remote(url, session.to_string());
        shown.look(&remote);
        hides(remote.name());
        let error = remote.load().unwrap_err();
        hides(&format!("{error} {error:?} {error:#?}"));
    }
    shown.look(&StringSessionBackend::new(&session.to_string()[3..]));
}

#[test]
fn in_no_error_about_bytes_that_hold_them() {
    let session = session();
    let bytes = session.to_bytes();
    let mut errors = Vec::new();
    for len in 0..bytes.len() {
        errors.extend(PersistedSession::from_bytes(&bytes[..len]).err());
    }
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0xFF;
        errors.extend(PersistedSession::from_bytes(&changed).err());
    }
    let text = session.to_string();
    for len in 0..text.len() {
        errors.extend(PersistedSession::from_string(&text[..len]).err());
        errors.extend(StringSessionBackend::new(&text[..len]).load().err());
        let compact = StringSession::decode(&text[..len]);
        hides(&format!("{:?}", compact.err()));
    }
    assert!(errors.len() > 1_000);
    let mut shown = errors.iter().map(|error| format!("{error} {error:?} {error:#?}\n"));
    hides(&shown.by_ref().collect::<String>());
}
