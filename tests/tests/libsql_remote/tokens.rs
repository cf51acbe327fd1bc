use ferogram_session::{LibSqlBackend, SessionBackend, SessionError};
use ferogram_session_servers::sqld::Sqld;
use ferogram_session_servers::tokens::Signer;
use ferogram_session_tests::sessions::full;
use std::io;
use tempfile::tempdir;

fn rejected(error: &io::Error, token: &str) {
    let text = format!("{error} {error:?}");
    assert!(matches!(SessionError::of(error), Some(SessionError::Rejected(_))), "{text}");
    assert_eq!(error.kind(), io::ErrorKind::PermissionDenied, "{text}");
    assert!(text.contains("token"), "{text}");
    assert!(token.is_empty() || !text.contains(token), "{text}");
}

#[test]
fn a_token_that_is_no_good_is_an_error_that_says_so() {
    let signer = Signer::new(1);
    let server = Sqld::with_key(Some(&signer.public()));
    let good = signer.token(true, 3_600);
    LibSqlBackend::open_remote(server.url(), &good).unwrap().save(&full(2)).unwrap();
    let bad = [
        (signer.token(true, -3_600), "expired"),
        (Signer::new(2).token(true, 3_600), "of another key"),
        ("nonsense".to_owned(), "no token"),
        (String::new(), "missing"),
    ];
    for (token, why) in bad {
        eprintln!("{why}");
        let backend = LibSqlBackend::remote(server.url(), &token);
        let error = backend.load().unwrap_err();
        eprintln!("{error}");
        rejected(&error, &token);
        rejected(&backend.save(&full(1)).unwrap_err(), &token);
        rejected(&LibSqlBackend::open_remote(server.url(), &token).unwrap_err(), &token);
        assert!(token.is_empty() || !format!("{backend:?}").contains(&token));
        let folder = tempdir().unwrap();
        let path = folder.path().join("copy.db");
        let error = LibSqlBackend::open_replica(&path, server.url(), &token).unwrap_err();
        eprintln!("replica: {error}");
        rejected(&error, &token);
    }
    let read_only = signer.token(false, 3_600);
    let backend = LibSqlBackend::remote(server.url(), &read_only);
    assert!(backend.load().unwrap().is_some());
    let error = backend.set_home_dc(1).unwrap_err();
    eprintln!("read only: {error}");
    rejected(&error, &read_only);
    rejected(&backend.delete().unwrap_err(), &read_only);
    assert_eq!(LibSqlBackend::remote(server.url(), &good).load().unwrap().unwrap().home_dc_id, 2);
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
