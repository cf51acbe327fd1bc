//! No type shows a key, a token, a salt or an access hash, whole or in part;
//! nor does an error about bytes that hold one.

use ferogram_session::{
    BinaryFileBackend, Change, Expect, Field, FullSession, InMemoryBackend, MemoryStore, Native,
    PersistedSession, Record, Records, Secret, Session, SessionBackend, SessionCache,
    SqliteBackend, Statement, StringSession, StringSessionBackend, Value, Version, Write,
};
use ferogram_session_tests::secret::{KEY, NUMBER, hides, session};
use std::fmt::Debug;

#[track_caller]
fn hidden(value: &dyn Debug) {
    hides(&format!("{value:?}"));
    hides(&format!("{value:#?}"));
}

#[test]
fn the_test_would_find_them() {
    let found = |shown: String| std::panic::catch_unwind(|| hides(&shown)).is_err();
    assert!(found(format!("{KEY:?}")) && found(format!("{KEY:#?}")) && found(format!("{NUMBER}")));
    assert!(found(session().to_string()) && found(format!("{:x?}", KEY).replace(", ", "")));
}

#[test]
fn in_the_debug_output_of_no_type() {
    let session = session();
    hidden(&session);
    hidden(&session.dcs[0]);
    hidden(&session.peers[0]);
    hidden(&session.stats());
    let records = [
        Record::Dc(Box::new(session.dcs[0].clone())),
        Record::Peer(session.peers[0].clone()),
        Record::Token(Secret(KEY.to_vec())),
    ];
    for record in records {
        hidden(&record);
        hidden(&Change::Put(record.clone()));
        hidden(&Write::Changes(&[Change::Put(record)]));
    }
    hidden(&Change::MergePeer(session.peers[0].clone()));
    hidden(&Write::Replace(&session));
    hidden(&Records::from(session.clone()));
    hidden(&Secret(KEY.to_vec()));
    hidden(&Field { name: "dc:2:0".into(), value: Some(KEY.to_vec()) });
    let values =
        [Value::Blob(KEY.to_vec()), Value::Integer(NUMBER), Value::Text(session.to_string())];
    values.iter().for_each(|value| hidden(value));
    hidden(&Statement::new("SELECT ?1", values.to_vec()));
    hidden(&Expect::Version(Version::fresh()));
    hidden(&Native);

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
    hidden(&short);
    hidden(&long);
    hidden(&StringSession::from(short));
    hidden(&StringSession::from(long));
}

#[test]
fn in_the_debug_output_of_no_backend() {
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
    let shown: [&dyn Debug; 4] = [&binary, &sqlite, &memory, &string];
    shown.iter().for_each(|backend| hidden(backend));
    #[cfg(feature = "libsql")]
    {
        use ferogram_session::LibSqlBackend;
        let local = LibSqlBackend::new(folder.path().join("libsql.db"));
        local.save(&session).unwrap();
        local.load().unwrap();
        hides(local.name());
        hidden(&local);
        // Nobody answers there; the address and the token are shown to nobody either.
        let url = format!("http://me:{}@127.0.0.1:1/?authToken={}", session, session);
        let remote = LibSqlBackend::remote(url, session.to_string());
        hidden(&remote);
        hides(remote.name());
        let error = remote.load().unwrap_err();
        hides(&format!("{error} {error:?} {error:#?}"));
    }
    hidden(&StringSessionBackend::new(&session.to_string()[3..]));
    hidden(&MemoryStore::default());
    hidden(&SessionCache::new());
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
