//! A session from any backend to any other.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

use example_stores::{Directory, OrderedMap};
use ferogram_session::{
    BinaryFileBackend, CachedPeer, CopyOptions, CopyOutcome, DcFlags, InMemoryBackend,
    PersistedSession, SessionBackend, SessionCache, SessionError, SqliteBackend,
    StringSessionBackend, copy,
};
use ferogram_session_tests::sessions::{beyond_version_8, dc, full, normal, user};
use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(SessionBackend)]
#[session(blob(key = "{account}.json", codec = json))]
struct InFolder {
    #[session(store)]
    folder: Directory,
    account: &'static str,
}

#[derive(SessionBackend)]
#[session(key_value)]
struct InMap {
    #[session(store)]
    map: OrderedMap,
    #[session(cache)]
    cache: SessionCache,
}

/// A backend by hand, which gives what it was told to, one after the other
/// and the last again and again, and keeps what `keep` leaves of a save.
struct ByHand {
    name: &'static str,
    loads: Mutex<VecDeque<Option<PersistedSession>>>,
    keep: fn(PersistedSession) -> Option<PersistedSession>,
}

impl ByHand {
    fn giving(loads: impl IntoIterator<Item = Option<PersistedSession>>) -> Self {
        let loads = Mutex::new(loads.into_iter().collect());
        Self { name: "redis://me:secret@by.hand:1/0?token=secret", loads, keep: Some }
    }

    fn keeping(keep: fn(PersistedSession) -> Option<PersistedSession>) -> Self {
        Self { keep, ..Self::giving([None]) }
    }
}

impl SessionBackend for ByHand {
    fn save(&self, session: &PersistedSession) -> io::Result<()> {
        *self.loads.lock().unwrap() = [(self.keep)(session.clone())].into();
        Ok(())
    }

    fn load(&self) -> io::Result<Option<PersistedSession>> {
        let mut loads = self.loads.lock().unwrap();
        Ok(if loads.len() > 1 { loads.pop_front() } else { loads.front().cloned() }.unwrap())
    }

    fn delete(&self) -> io::Result<()> {
        *self.loads.lock().unwrap() = [None].into();
        Ok(())
    }

    fn name(&self) -> &str {
        self.name
    }
}

/// One of each kind, in `folder`.
fn backends(folder: &Path) -> Vec<Box<dyn SessionBackend>> {
    std::fs::create_dir(folder).unwrap();
    vec![
        Box::new(BinaryFileBackend::new(folder.join("bot.session"))),
        Box::new(InMemoryBackend::new()),
        Box::new(StringSessionBackend::new("")),
        Box::new(SqliteBackend::new(folder.join("sqlite.db")).session("a bot")),
        #[cfg(feature = "libsql")]
        Box::new(ferogram_session::LibSqlBackend::new(folder.join("libsql.db")).session("a bot")),
        Box::new(InFolder { folder: Directory(folder.to_owned()), account: "a bot" }),
        Box::new(InMap { map: OrderedMap::default(), cache: SessionCache::new() }),
        Box::new(ByHand::keeping(Some)),
    ]
}

/// A session whose login differs from that of [`full`].
fn another_login() -> PersistedSession {
    PersistedSession {
        home_dc_id: 4,
        dcs: vec![dc(4, DcFlags::NONE, Some(77))],
        ..Default::default()
    }
}

#[test]
fn between_any_two() {
    let folder = tempfile::tempdir().unwrap();
    let count = backends(&folder.path().join("count")).len();
    for pair in 0..count * count {
        let sources = backends(&folder.path().join(format!("from-{pair}")));
        let targets = backends(&folder.path().join(format!("to-{pair}")));
        let (from, to) = (&*sources[pair / count], &*targets[pair % count]);
        let pair = format!("{} to {}", from.name(), to.name());
        for session in [beyond_version_8(), another_login()] {
            from.save(&session).unwrap();
            let refused = to.load().unwrap();
            if refused.is_some() {
                let error = copy(from, to).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::AlreadyExists, "{pair}: {error}");
                assert_eq!(to.load().unwrap(), refused, "{pair}");
            }
            let mut copied = CopyOptions::new().overwrite(true).copy(from, to).unwrap();
            let outcome =
                if refused.is_none() { CopyOutcome::Created } else { CopyOutcome::Overwritten };
            assert_eq!(copied.outcome, outcome, "{pair}");
            assert_eq!(to.load().unwrap().map(normal), Some(normal(session.clone())), "{pair}");
            assert_eq!(from.load().unwrap().map(normal), Some(normal(session)), "{pair}");
            copied.outcome = CopyOutcome::AlreadyThere;
            assert_eq!(copy(from, to).unwrap(), copied, "{pair}");
        }
    }
}

#[test]
fn the_report_counts_what_is_there_and_shows_no_secret() {
    let (from, to) = (InMemoryBackend::new(), StringSessionBackend::new(""));
    from.save(&full(20)).unwrap();
    let copied = copy(&from, &to).unwrap();
    let counts = (copied.dcs, copied.keys, copied.channels, copied.peers, copied.min_peers);
    assert_eq!(counts, (5, 3, 2, 23, 1));
    assert!(copied.token);
    assert_eq!(copied.approx_bytes, normal(full(20)).to_bytes().len());
    assert_eq!(
        copied.to_string(),
        format!(
            "copied: home dc 2, 3 auth keys (5 addresses), 23 peers, 1 min-peer, 2 channels, \
             a token; about {} bytes",
            copied.approx_bytes
        )
    );
    assert!(!format!("{copied} {copied:?}").contains("future auth token"));
}

#[test]
fn nothing_to_copy_is_an_error_and_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.session");
    let (from, to) = (InMemoryBackend::new(), BinaryFileBackend::new(&path));
    let error = copy(&from, &to).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(
        error.to_string(),
        "copying from `in-memory` to `binary-file`: there is no session to copy; look at the \
         path, the name of the session and the credentials of what you copy from"
    );
    assert!(!path.exists());
}

#[test]
fn a_refusal_tells_another_login_from_another_state() {
    let (from, to) = (InMemoryBackend::new(), InMemoryBackend::new());
    from.save(&full(1)).unwrap();
    to.save(&full(9)).unwrap();
    let error = copy(&from, &to).unwrap_err().to_string();
    assert!(
        error.contains("state of the same login (home dc 2, auth keys: 3, pts 1000, peers: 12)")
    );
    to.save(&another_login()).unwrap();
    let error = copy(&from, &to).unwrap_err().to_string();
    assert!(error.contains("another login (home dc 4, auth keys: 1, pts 0, peers: 0)"), "{error}");
    assert!(error.contains("overwrite(true)"), "{error}");
}

#[test]
fn damage_on_either_side_is_an_error_that_names_both_and_stays() {
    let good = StringSessionBackend::new(full(2).to_string());
    let damaged = StringSessionBackend::new("AAAA");
    let by_hand = ByHand::giving([None]);
    let overwrite = CopyOptions::new().overwrite(true);
    for (error, names) in [
        (copy(&damaged, &by_hand), "`string-session` to `redis://by.hand:1/0`"),
        (overwrite.copy(&good, &damaged), "`string-session` to `string-session`"),
    ] {
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData, "{error}");
        assert!(matches!(SessionError::of(&error), Some(SessionError::Corrupt(_))));
        assert!(error.to_string().starts_with(&format!("copying from {names}: ")), "{error}");
        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    }
    assert_eq!(damaged.current(), "AAAA");
    assert_eq!(by_hand.load().unwrap(), None);
}

#[test]
fn a_target_that_does_not_keep_all_of_it_is_found_out() {
    let from = InMemoryBackend::new();
    from.save(&full(3)).unwrap();
    let keeps_no_min_peers = |session| Some(PersistedSession { min_peers: vec![], ..session });
    for keep in [keeps_no_min_peers, |_| None] {
        let error = copy(&from, &ByHand::keeping(keep)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
        assert!(error.to_string().contains("what was read back"), "{error}");
    }
    // The order of a list carries no meaning.
    let keeps_another_order = |mut session: PersistedSession| {
        session.peers.reverse();
        Some(session)
    };
    assert_eq!(copy(&from, &ByHand::keeping(keeps_another_order)).unwrap().peers, 6);
}

#[test]
fn a_login_that_changes_meanwhile_is_copied_again() {
    let state = |key, pts| {
        let mut session = PersistedSession { home_dc_id: 2, ..Default::default() };
        session.dcs.push(dc(2, DcFlags::NONE, Some(key)));
        session.updates_state.pts = pts;
        Some(session)
    };
    // Counters that move on are no reason.
    let to = InMemoryBackend::new();
    let from = ByHand::giving([state(1, 10), state(1, 11), state(1, 12)]);
    assert_eq!(copy(&from, &to).unwrap().outcome, CopyOutcome::Created);
    assert_eq!(to.load().unwrap(), state(1, 10));

    let to = InMemoryBackend::new();
    let from = ByHand::giving([state(1, 10), state(2, 11), state(2, 12)]);
    assert_eq!(copy(&from, &to).unwrap().outcome, CopyOutcome::Created);
    assert_eq!(to.load().unwrap(), state(2, 11));

    let to = InMemoryBackend::new();
    let error = copy(&ByHand::giving((1..20).map(|key| state(key, 0))), &to).unwrap_err();
    assert!(matches!(SessionError::of(&error), Some(SessionError::Conflict(_))), "{error}");

    let to = InMemoryBackend::new();
    let error = copy(&ByHand::giving([state(1, 1), None]), &to).unwrap_err();
    assert!(error.to_string().contains("was deleted while it was copied"), "{error}");
}

/// The client goes on while its file is copied: each copy is one of its states.
#[test]
fn from_a_file_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.session");
    BinaryFileBackend::new(&path).save(&full(5)).unwrap();
    let done = AtomicBool::new(false);
    let overwrite = CopyOptions::new().overwrite(true);
    let seen = |session: &PersistedSession, peer: &CachedPeer| {
        session.peers.iter().any(|p| (p.id, p.access_hash) == (peer.id, peer.access_hash))
    };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let client = BinaryFileBackend::new(&path);
            for id in (10_000..20_000).take_while(|_| !done.load(Ordering::Relaxed)) {
                client.cache_peer(&user(id, id)).unwrap();
            }
        });
        let (from, to) = (BinaryFileBackend::new(&path), InMemoryBackend::new());
        for _ in 0..20 {
            let copied = overwrite.copy(&from, &to).unwrap();
            let session = to.load().unwrap().unwrap();
            assert_eq!(session.peers.len(), copied.peers);
            let new = copied.peers as i64 - full(5).peers.len() as i64;
            assert!((10_000..10_000 + new).all(|id| seen(&session, &user(id, id))));
        }
        done.store(true, Ordering::Relaxed);
    });
}
