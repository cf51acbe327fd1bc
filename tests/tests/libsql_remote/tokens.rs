use ferogram_session::{LibSqlBackend, SessionBackend, SessionError};
use ferogram_session_servers::sqld::Sqld;
use ferogram_session_servers::tokens::Signer;
use ferogram_session_tests::sessions::full;
use std::io;
use std::time::Duration;
use tempfile::tempdir;

/// With the server's reason.
fn rejected(error: &io::Error, token: &str, said: &str) {
    let text = format!("{error} {error:?}");
    assert!(matches!(SessionError::of(error), Some(SessionError::Rejected(_))), "{text}");
    assert_eq!(error.kind(), io::ErrorKind::PermissionDenied, "{text}");
    assert!(text.contains("token") && text.contains(said), "{text}");
    assert!(token.is_empty() || !text.contains(token), "{text}");
}

#[test]
fn a_token_that_is_no_good_is_an_error_that_says_so() {
    let signer = Signer::new(1);
    let server = Sqld::with_key(Some(&signer.public()));
    let good = signer.token(true, 3_600);
    LibSqlBackend::open_remote(server.url(), &good).unwrap().save(&full(2)).unwrap();
    let bad = [
        (signer.token(true, -3_600), "expired", "JWT has expired"),
        (Signer::new(2).token(true, 3_600), "of another key", "JWT is invalid"),
        ("nonsense".to_owned(), "no token", "JWT is invalid"),
        (String::new(), "missing", "Auth string"),
    ];
    for (token, why, said) in bad {
        eprintln!("{why}");
        let backend = LibSqlBackend::remote(server.url(), &token);
        let error = backend.load().unwrap_err();
        eprintln!("{error}");
        rejected(&error, &token, said);
        rejected(&backend.save(&full(1)).unwrap_err(), &token, said);
        rejected(&LibSqlBackend::open_remote(server.url(), &token).unwrap_err(), &token, said);
        assert!(token.is_empty() || !format!("{backend:?}").contains(&token));
        let folder = tempdir().unwrap();
        let path = folder.path().join("copy.db");
        let error = LibSqlBackend::open_replica(&path, server.url(), &token).unwrap_err();
        eprintln!("replica: {error}");
        rejected(&error, &token, said);
    }
    const WRITE: &str = "not have Write permission";
    let read_only = signer.token(false, 3_600);
    let backend = LibSqlBackend::remote(server.url(), &read_only);
    assert!(backend.load().unwrap().is_some());
    let error = backend.set_home_dc(1).unwrap_err();
    eprintln!("read only: {error}");
    rejected(&error, &read_only, WRITE);
    rejected(&backend.delete().unwrap_err(), &read_only, WRITE);
    assert_eq!(LibSqlBackend::remote(server.url(), &good).load().unwrap().unwrap().home_dc_id, 2);
}

/// A copy is there for when the server cannot be reached, not for whoever may
/// not ask it.
#[test]
fn a_replica_is_not_read_with_a_token_that_is_no_good() {
    let signer = Signer::new(1);
    let server = Sqld::with_key(Some(&signer.public()));
    let folder = tempdir().unwrap();
    let path = folder.path().join("copy.db");
    let open = |token: &str| LibSqlBackend::open_replica(&path, server.url(), token);
    open(&signer.token(true, 3_600)).unwrap().save(&full(2)).unwrap();
    let read_only = signer.token(false, 3_600);
    let replica = open(&read_only).unwrap();
    assert!(replica.load().unwrap().is_some(), "and the copy is whole");
    rejected(&replica.set_home_dc(1).unwrap_err(), &read_only, "Write permission");
    assert_eq!(replica.load().unwrap().unwrap().home_dc_id, 2);
    drop(replica);
    for (token, said) in [(signer.token(true, -3_600), "expired"), (String::new(), "Auth string")] {
        rejected(&open(&token).unwrap_err(), &token, said);
    }
    // One that expires while it is used: the server takes it for a minute more.
    let short = signer.token(true, -52);
    let replica = open(&short).unwrap();
    assert!(replica.load().unwrap().is_some());
    std::thread::sleep(Duration::from_secs(10));
    rejected(&replica.load().unwrap_err(), &short, "expired");
    rejected(&replica.save(&full(2)).unwrap_err(), &short, "expired");
}

#[test]
fn what_is_no_address_or_no_token_is_a_mistake_and_not_a_panic() {
    let wrong = [
        ("", ""),
        ("not an address", ""),
        ("file:///tmp/x", ""),
        ("http://", ""),
        ("http://user:password@", ""),
        ("http://127.0.0.1:1", "line\nbreak"),
    ];
    for (url, token) in wrong {
        let backend = LibSqlBackend::remote(url, token);
        let error = backend.load().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{error}");
        assert!(!format!("{error} {backend:?} {}", backend.name()).contains("password"));
        let folder = tempdir().unwrap();
        let path = folder.path().join("copy.db");
        let error = LibSqlBackend::open_replica(path, url, token).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{error}");
    }
}
