use crate::is;
use ferogram_session::{SessionBackend, SessionError};
use ferogram_session_postgres::{PostgresBackend, PostgresConfig};
use ferogram_session_servers::certificates::Authority;
use ferogram_session_servers::postgres::Postgres;
use ferogram_session_servers::sessions::{full, normal};
use std::fs;

fn encrypted(server: &Postgres) -> bool {
    let count = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                 WHERE ssl AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
    server.sql("postgres", count) != "0"
}

#[test]
fn each_mode_encrypts_as_it_says() {
    let server = Postgres::open();
    let ca = server.authority().display().to_string();
    for (mode, encrypts) in [
        ("sslmode=disable".to_owned(), false),
        ("sslmode=prefer".to_owned(), true),
        ("sslmode=require".to_owned(), true),
        (format!("sslmode=verify-full&sslrootcert={ca}"), true),
        (format!("sslrootcert={}", ca.replace('/', "%2F")), true),
    ] {
        let url = format!("{}?{mode}", server.url("postgres"));
        let backend = PostgresBackend::new(url, "my-bot");
        backend.save(&full(2_000)).unwrap();
        assert_eq!(encrypted(&server), encrypts, "{mode}");
        assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(2_000))));
    }
    let pem = fs::read(server.authority()).unwrap();
    let config = PostgresConfig::new(server.url("postgres")).certificates(pem);
    let backend = PostgresBackend::with(config, "my-bot");
    assert!(backend.load().unwrap().is_some());
    assert!(encrypted(&server));
}

#[test]
fn a_certificate_that_is_not_trusted_or_of_another_name() {
    let server = Postgres::open();
    let folder = server.folder("authorities");
    let (other, empty) = (folder.join("other.pem"), folder.join("empty.pem"));
    fs::write(&other, Authority::new().pem()).unwrap();
    fs::write(&empty, "no certificate").unwrap();
    let url = server.url("postgres");
    let ca = server.authority().display().to_string();
    let elsewhere = url.replace("127.0.0.1", "localhost");
    for strange in [
        format!("{url}?sslmode=verify-full"),
        format!("{url}?sslmode=verify-full&sslrootcert={}", other.display()),
        format!("{elsewhere}?sslmode=verify-full&sslrootcert={ca}"),
    ] {
        let backend = PostgresBackend::new(strange, "my-bot");
        let error = backend.load().unwrap_err();
        is(&error, "load", |error| {
            matches!(error, SessionError::Rejected(_) | SessionError::Config(_))
        });
    }
    // As configured by hand, too.
    let by_hand = || PostgresConfig::config(url.parse().unwrap());
    for config in [by_hand().verify_full(), by_hand().certificates(Authority::new().pem())] {
        let error = PostgresBackend::with(config, "my-bot").load().unwrap_err();
        is(&error, "load", |error| {
            matches!(error, SessionError::Rejected(_) | SessionError::Config(_))
        });
    }
    for pem in ["", "hunter2", "-----BEGIN CERTIFICATE-----\nhunter2"] {
        let config = by_hand().certificates(pem);
        assert!(!format!("{config:?}").contains("hunter2"));
        let error = PostgresBackend::with(config, "my-bot").load().unwrap_err();
        is(&error, "load", |error| matches!(error, SessionError::Config(_)));
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
    for wrong in [empty.display().to_string(), "/nowhere/ca.pem".to_owned()] {
        let backend = PostgresBackend::new(format!("{url}?sslrootcert={wrong}"), "my-bot");
        let error = backend.load().unwrap_err();
        is(&error, "load", |error| matches!(error, SessionError::Config(_)));
        assert!(error.to_string().contains(&wrong), "{error}");
    }
}

#[test]
fn a_server_without_tls() {
    let server = Postgres::with(&["ssl=off"]);
    let url = server.url("postgres");
    PostgresBackend::new(format!("{url}?sslmode=prefer"), "my-bot").save(&full(1)).unwrap();
    let ca = server.authority().display().to_string();
    for mode in ["sslmode=require".to_owned(), format!("sslmode=verify-full&sslrootcert={ca}")] {
        let backend = PostgresBackend::new(format!("{url}?{mode}"), "my-bot");
        let error = backend.load().unwrap_err();
        is(&error, "load", |error| matches!(error, SessionError::Rejected(_)));
        for words in ["does not support TLS", "`sslmode=disable`"] {
            assert!(error.to_string().contains(words), "{error}");
        }
    }
}

/// Older than PostgreSQL 17: it hangs up on TLS that nobody has asked for.
#[test]
fn a_server_that_wants_to_be_asked_for_tls() {
    let server = Postgres::open();
    let url = server.url("postgres");
    let direct = format!("{url}?sslmode=require&sslnegotiation=direct");
    let error = PostgresBackend::new(direct, "my-bot").load().unwrap_err();
    is(&error, "load", |error| matches!(error, SessionError::Rejected(_)));
    assert!(error.to_string().contains("take `sslnegotiation=direct` out"), "{error}");
}

#[test]
fn a_server_whose_rules_let_nobody_in_without_tls_or_with() {
    let other = Postgres::open();
    let rules = other.folder("rules").join("hba.conf");
    for (kind, asks, instead) in [
        ("hostssl", "sslmode=disable", "`sslmode=require`"),
        ("hostnossl", "sslmode=require", "`sslmode=disable`"),
    ] {
        fs::write(&rules, format!("{kind} all all 127.0.0.1/32 scram-sha-256\n")).unwrap();
        let server = Postgres::with(&[&format!("hba_file={}", rules.display())]);
        let url = server.url("postgres");
        let error = PostgresBackend::new(format!("{url}?{asks}"), "my-bot").load().unwrap_err();
        is(&error, "load", |error| matches!(error, SessionError::Rejected(_)));
        assert!(error.to_string().contains(instead), "{error}");
        let right = format!("{url}?{}", instead.trim_matches('`'));
        assert!(PostgresBackend::new(right, "my-bot").load().unwrap().is_none());
    }
}
