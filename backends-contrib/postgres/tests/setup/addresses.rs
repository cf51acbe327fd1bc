use crate::is;
use ferogram_session::{SessionBackend, SessionError};
use ferogram_session_postgres::tokio_postgres::{Config, NoTls};
use ferogram_session_postgres::{PostgresBackend, PostgresConfig};
use ferogram_session_servers::postgres::{PASSWORD, Postgres, url};
use ferogram_session_servers::sessions::{full, normal};
use std::sync::{Arc, Mutex};

fn config(error: &SessionError) -> bool {
    matches!(error, SessionError::Config(_))
}

fn rejected(error: &SessionError) -> bool {
    matches!(error, SessionError::Rejected(_))
}

#[test]
fn a_wrong_password_none_and_a_wrong_user() {
    let server = Postgres::open();
    let address = server.address();
    for url in [
        url(address, "postgres", "hunter2", "postgres"),
        url(address, "nobody", "hunter2", "postgres"),
        format!("postgres://postgres@{address}/postgres"),
    ] {
        let backend = PostgresBackend::new(&url, "my-bot");
        is(&backend.load().unwrap_err(), "load", rejected);
        is(&backend.save(&full(1)).unwrap_err(), "save", rejected);
        is(&backend.migrate().unwrap_err(), "migrate", rejected);
        is(&PostgresBackend::connect(&url, "my-bot").unwrap_err(), "migrate", rejected);
        assert!(!format!("{backend:?}").contains("hunter2"));
        let error = backend.sessions().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}

#[test]
fn a_database_that_is_not_there() {
    let server = Postgres::open();
    let backend = PostgresBackend::new(server.url("nowhere"), "my-bot");
    is(&backend.load().unwrap_err(), "load", config);
    is(&backend.save(&full(1)).unwrap_err(), "save", config);
}

#[test]
fn what_is_no_address_is_a_mistake_and_not_a_panic() {
    let wrong = [
        "",
        "not an address",
        "http://127.0.0.1:1",
        "postgres://",
        "postgres://me:hunter2@",
        "postgres://me:hunter2@host:port/db",
        "postgres://me:hunter2@host/db?hunter2=1",
        "postgres://me:hunter2@host/db?sslmode=verify-ca",
    ];
    for url in wrong {
        let backend = PostgresBackend::new(url, "my-bot");
        let error = backend.load().map(drop).expect_err(url);
        is(&error, "load", config);
        assert!(!format!("{backend:?} {}", backend.name()).contains("hunter2"));
        assert!(!backend.sessions().unwrap_err().to_string().contains("hunter2"));
    }
}

/// As libpq takes them, of which quotes hold anything.
#[test]
fn keywords_with_quotes() {
    let server = Postgres::open();
    server.sql("postgres", "CREATE ROLE bot SUPERUSER LOGIN PASSWORD 'it''s a\\b sslmode=x'");
    let (port, ca) = (server.address().port(), server.authority().display().to_string());
    for more in [format!("sslmode=verify-full sslrootcert = '{ca}'"), "gssencmode=''".to_owned()] {
        let keywords = format!(
            r"host='127.0.0.1' port = {port} user=bot password='it\'s a\\b sslmode=x'
             dbname=postgres options='-c application_name=here' {more}"
        );
        let backend = PostgresBackend::new(&keywords, "my-bot");
        backend.save(&full(2)).unwrap();
        assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(2))));
        let here = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'here'";
        assert_ne!(server.sql("postgres", here), "0");
    }
}

#[test]
fn configurations_that_the_user_makes() {
    let server = Postgres::open();
    let mut config = Config::new();
    config.host("127.0.0.1").port(server.address().port());
    config.user("postgres").password(PASSWORD).dbname("postgres");
    let ours = PostgresBackend::with(PostgresConfig::config(config.clone()), "my-bot");
    ours.save(&full(3)).unwrap();
    let theirs = PostgresBackend::with(PostgresConfig::config_with_tls(config, NoTls), "my-bot");
    assert_eq!(theirs.load().unwrap().map(normal), Some(normal(full(3))));
    for backend in [&ours, &theirs] {
        assert!(!format!("{backend:?}").contains(PASSWORD));
    }
}

/// A password that changes, as those that a cloud gives out do.
#[test]
fn a_configuration_that_is_made_anew_for_each_connection() {
    let server = Postgres::open();
    let (port, current) = (server.address().port(), Arc::new(Mutex::new(PASSWORD)));
    let given = Arc::clone(&current);
    let make = move || {
        let password = *given.lock().unwrap();
        async move {
            let mut config = Config::new();
            config.host("127.0.0.1").port(port).user("postgres").dbname("postgres");
            match password {
                "" => Err(std::io::Error::other("the cloud gives none")),
                password => Ok(config.password(password).clone()),
            }
        }
    };
    let backend =
        PostgresBackend::with(PostgresConfig::config_with("the database", make), "my-bot");
    backend.save(&full(3)).unwrap();
    // The next connection asks again.
    let terminate = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                     WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'";
    let reconnects = |password| {
        *current.lock().unwrap() = password;
        server.sql("postgres", terminate);
        backend.load()
    };
    is(&reconnects("hunter2").unwrap_err(), "load", rejected);
    let error = reconnects("").unwrap_err();
    assert!(error.to_string().contains("the cloud gives none"), "{error}");
    assert_eq!(reconnects(PASSWORD).unwrap().map(normal), Some(normal(full(3))));
    assert!(!format!("{backend:?}").contains(PASSWORD));
}

#[test]
fn a_socket_of_this_machine() {
    let server = Postgres::open();
    let sockets = server.sockets().display().to_string().replace('/', "%2F");
    let port = server.address().port();
    let url = format!("postgres://postgres:{PASSWORD}@{sockets}:{port}/postgres");
    let backend = PostgresBackend::new(url, "my-bot");
    backend.save(&full(2)).unwrap();
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(2))));
}

#[test]
fn nothing_is_connected_to_before_the_first_call() {
    let server = Postgres::open();
    let clients = || -> usize {
        // One that asked this before may not be gone yet.
        let count = "SELECT count(*) FROM pg_stat_activity \
                     WHERE backend_type = 'client backend' AND application_name <> 'psql'";
        server.sql("postgres", count).parse().unwrap()
    };
    let before = clients();
    let backends: Vec<_> = (0..20)
        .map(|nth| PostgresBackend::new(server.url("postgres"), format!("bot-{nth}")))
        .collect();
    assert_eq!(clients(), before);
    assert!(backends[0].load().unwrap().is_none());
    assert_eq!(clients(), before + 1);
    // Sessions of one backend share its connections.
    for nth in 0..10 {
        backends[0].session(format!("other-{nth}")).set_home_dc(1).unwrap();
    }
    assert_eq!(clients(), before + 1);
    // A backend that is dropped says goodbye.
    drop(backends);
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert_eq!(clients(), before);
    assert!(!server.log().contains("unexpected EOF"), "{}", server.log());
}
