use crate::again;
use crate::support::{at, config};
use crate::works;
use ferogram_session::{SessionBackend, SessionError};
use ferogram_session_s3::{S3Backend, S3Config};
use ferogram_session_servers::certificates::Authority;
use ferogram_session_servers::expect::tells;
use ferogram_session_servers::s3::{BUCKET, S3};
use ferogram_session_servers::tls::Tls;
use std::process::Command;
use std::time::Duration;

#[test]
fn tls_with_an_authority_of_ones_own() {
    let authority = Authority::new();
    let server = S3::open_with_tls(&authority);
    assert!(server.url().starts_with("https://"));
    let backend = S3Backend::with(config(&server).certificates(authority.pem()), "bot");
    works(&backend);
    // Nobody else's word is taken for it.
    let others = Authority::new();
    for config in [config(&server), config(&server).certificates(others.pem())] {
        let backend = S3Backend::with(config.timeout(Duration::from_secs(2)), "bot");
        let error = backend.load().map(drop).unwrap_err();
        tells(&error, "s3", "bot", "load", &[&server.key().secret]);
        assert!(error.to_string().contains("certificate"), "{error}");
    }
}

/// An endpoint for TLS, and a service without; or the other way round.
#[test]
fn tls_on_one_side_only() {
    let authority = Authority::new();
    let without = S3::open();
    let error_at = |server: &S3, url: &str| {
        let config = at(server, url).timeout(Duration::from_secs(5));
        let error = S3Backend::with(config, "bot").load().map(drop).unwrap_err();
        tells(&error, "s3", "bot", "load", &[&server.key().secret]);
        error
    };
    let proxy = Tls::before(without.address(), &authority.certify("127.0.0.1"));
    for (url, instead) in [
        (without.url().replacen("http", "https", 1), "write `http://`"),
        (format!("http://{}", proxy.address()), "write `https://`"),
    ] {
        let error = error_at(&without, &url);
        assert!(error.to_string().contains(instead), "{error}");
        assert!(matches!(SessionError::of(&error), Some(SessionError::Config(_))), "{error}");
    }
    // One that hangs up on whoever speaks without.
    let with = S3::open_with_tls(&authority);
    let error = error_at(&with, &with.url().replacen("https", "http", 1));
    assert!(error.to_string().contains("whether it wants `https://`"), "{error}");
}

/// What the system trusts is a matter of the environment, as rustls finds it.
#[test]
fn an_authority_of_ones_own_is_trusted_instead_of_those_of_the_system() {
    const CHILD: &str = "FEROGRAM_SESSION_S3_CERTIFICATES";
    if let Ok(note) = std::env::var(CHILD) {
        let [url, id, secret] = note.split(' ').collect::<Vec<_>>().try_into().unwrap();
        let config =
            || S3Config::new(format!("s3://{BUCKET}")).endpoint(url).credentials(id, secret);
        works(&S3Backend::with(config(), "of the system"));
        let config = config().certificates(Authority::new().pem());
        let backend = S3Backend::with(config.timeout(Duration::from_secs(2)), "bot");
        assert!(backend.load().unwrap_err().to_string().contains("certificate"));
        return;
    }
    let authority = Authority::new();
    let server = S3::open_with_tls(&authority);
    let folder = tempfile::tempdir().unwrap();
    let trusted = folder.path().join("ca.pem");
    std::fs::write(&trusted, authority.pem()).unwrap();
    again(
        "setup::tls::an_authority_of_ones_own_is_trusted_instead_of_those_of_the_system",
        Command::new(std::env::current_exe().unwrap())
            .env(CHILD, server.note())
            .env("SSL_CERT_FILE", trusted)
            .env_remove("SSL_CERT_DIR")
            .env_remove("AWS_CA_BUNDLE"),
    );
}
