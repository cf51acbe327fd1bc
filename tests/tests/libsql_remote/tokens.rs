use ferogram_session::{LibSqlBackend, SessionBackend, SessionError};
use ferogram_session_servers::sqld::Sqld;
use ferogram_session_servers::tokens::Signer;
use ferogram_session_tests::sessions::full;
use std::io;
use tempfile::tempdir;

/// That the server refused the token, and that the error gives its reason.
#[track_caller]
fn rejected(error: &io::Error, token: &str, reason: &str) {
    let text = format!("{error} {error:?}");
    assert!(matches!(SessionError::of(error), Some(SessionError::Rejected(_))), "{text}");
    assert_eq!(error.kind(), io::ErrorKind::PermissionDenied, "{text}");
    assert!(error.to_string().contains(&format!("refused the token: {reason};")), "{text}");
    assert!(text.contains("use a token that has not expired"), "{text}");
    assert!(token.is_empty() || !text.contains(token), "{text}");
}

#[test]
fn a_token_that_is_no_good_is_an_error_that_says_so() {
    let signer = Signer::new(1);
    let server = Sqld::with_key(Some(&signer.public()));
    let good = signer.token(true, 3_600);
    LibSqlBackend::open_remote(server.url(), &good).unwrap().save(&full(2)).unwrap();
    let invalid = "Unauthorized: `The JWT is invalid`";
    let bad = [
        (signer.token(true, -3_600), "Unauthorized: `The JWT has expired`"),
        (Signer::new(2).token(true, 3_600), invalid),
        ("nonsense".to_owned(), invalid),
        (String::new(), "Unauthorized: `Auth string does not conform to '<scheme> <token>' form`"),
    ];
    for (token, reason) in bad {
        let backend = LibSqlBackend::remote(server.url(), &token);
        rejected(&backend.load().unwrap_err(), &token, reason);
        rejected(&backend.save(&full(1)).unwrap_err(), &token, reason);
        let opened = LibSqlBackend::open_remote(server.url(), &token);
        rejected(&opened.unwrap_err(), &token, reason);
        assert!(token.is_empty() || !format!("{backend:?}").contains(&token));
        let folder = tempdir().unwrap();
        let path = folder.path().join("copy.db");
        let error = LibSqlBackend::open_replica(&path, server.url(), &token).unwrap_err();
        rejected(&error, &token, reason);
    }
    let read_only = signer.token(false, 3_600);
    let backend = LibSqlBackend::remote(server.url(), &read_only);
    assert!(backend.load().unwrap().is_some());
    let reason = "Authorization forbidden: Current session doesn't not have Write permission \
                  to namespace default";
    rejected(&backend.set_home_dc(1).unwrap_err(), &read_only, reason);
    rejected(&backend.delete().unwrap_err(), &read_only, reason);
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
