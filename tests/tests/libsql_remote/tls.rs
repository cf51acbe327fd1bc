//! A server behind TLS, as Turso is. The client trusts what the system trusts;
//! `SSL_CERT_FILE` says what that is, for a whole process.

use ferogram_session::{LibSqlBackend, SessionBackend, SessionError};
use ferogram_session_servers::certificates::Authority;
use ferogram_session_servers::sqld::Sqld;
use ferogram_session_servers::tls::Tls;
use ferogram_session_servers::tokens::Signer;
use ferogram_session_tests::sessions::{full, normal};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::tempdir;

const NAME: &str = "libsql_remote::tls::a_server_behind_tls";

/// In a process that trusts the authority.
fn trusting(address: &str, token: &str) {
    let url = format!("https://{address}");
    let backend = LibSqlBackend::open_remote(&url, token).unwrap();
    backend.save(&full(20)).unwrap();
    // The scheme that Turso shows, and an address without one.
    for url in [format!("libsql://{address}"), format!("wss://{address}"), address.to_owned()] {
        let backend = LibSqlBackend::remote(&url, token);
        assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(20))), "{url}");
        assert!(backend.name().contains(address));
    }
    let folder = tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let replica = LibSqlBackend::open_replica(&copy, &url, token).unwrap();
    assert_eq!(replica.load().unwrap().map(normal), Some(normal(full(20))));
    replica.save(&full(10)).unwrap();
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(10))));
    let error = LibSqlBackend::remote(&url, "").load().unwrap_err();
    assert!(matches!(SessionError::of(&error), Some(SessionError::Rejected(_))), "{error}");
}

/// In a process that does not.
fn distrusting(address: &str, token: &str) {
    let began = Instant::now();
    let url = format!("libsql://{address}");
    let error = LibSqlBackend::remote(&url, token).load().map(drop).unwrap_err();
    assert!(matches!(SessionError::of(&error), Some(SessionError::Unavailable(_))), "{error}");
    assert!(error.to_string().contains("certificate"), "{error}");
    assert!(error.to_string().contains("SSL_CERT_FILE"), "{error}");
    assert!(!format!("{error:?}").contains(token));
    assert!(began.elapsed() < Duration::from_secs(20));
}

fn no_roots(address: &str, token: &str) {
    let error = LibSqlBackend::remote(format!("libsql://{address}"), token).load().unwrap_err();
    assert!(error.to_string().contains("certificate"), "{error}");
}

#[test]
fn a_server_behind_tls() {
    if let Ok(address) = std::env::var("SESSION_TEST_ADDRESS") {
        let token = std::env::var("SESSION_TEST_TOKEN").unwrap();
        return match std::env::var("SESSION_TEST_TRUST").unwrap().as_str() {
            "yes" => trusting(&address, &token),
            "no" => distrusting(&address, &token),
            _ => no_roots(&address, &token),
        };
    }
    let signer = Signer::new(3);
    let server = Sqld::with_key(Some(&signer.public()));
    let (ours, theirs) = (Authority::new(), Authority::new());
    let tls = Tls::before(server.address(), &ours.certify("127.0.0.1"));
    let folder = tempdir().unwrap();
    let write = |name: &str, authority: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, authority).unwrap();
        path
    };
    let run = |trust: &str, file: &Path| {
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME, "--nocapture"])
            .env("SESSION_TEST_ADDRESS", tls.address().to_string())
            .env("SESSION_TEST_TOKEN", signer.token(true, 3_600))
            .env("SESSION_TEST_TRUST", trust)
            .env("SSL_CERT_FILE", file)
            .env_remove("SSL_CERT_DIR")
            .status();
        assert!(status.unwrap().success(), "{trust}");
    };
    run("yes", &write("ours.pem", ours.pem()));
    run("no", &write("theirs.pem", theirs.pem()));
    run("none", &folder.path().join("missing.pem"));
}
