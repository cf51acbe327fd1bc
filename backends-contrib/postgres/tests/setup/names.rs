use crate::is;
use ferogram_session::{SessionBackend, SessionError, TablePrefix};
use ferogram_session_postgres::{PostgresBackend, PostgresConfig};
use ferogram_session_servers::postgres::Postgres;
use ferogram_session_servers::sessions::{full, normal};

#[test]
fn sessions_are_listed_and_deleted() {
    let server = Postgres::open();
    let backend = PostgresBackend::new(server.url("postgres"), "my-bot");
    assert!(backend.sessions().unwrap().is_empty());
    let odd = [
        "my-bot",
        "My-Bot",
        "*",
        "a bot's \"name\"",
        "a/b:c{d}e",
        "'; DROP TABLE ferogram_dcs; --",
        "$1",
        "\\",
        "line\nbreak",
        "nul\0",
        "%41",
        "..",
        "\u{1f600} ü",
        "x".repeat(2_000).leak(),
    ];
    for (home_dc, name) in (1..).zip(odd) {
        backend.session(name).set_home_dc(home_dc).unwrap();
    }
    let mut names: Vec<&str> = odd.to_vec();
    names.sort_unstable();
    assert_eq!(backend.sessions().unwrap(), names);
    for (home_dc, name) in (1..).zip(odd) {
        assert_eq!(backend.session(name).load().unwrap().unwrap().home_dc_id, home_dc);
        backend.session(name).delete().unwrap();
        backend.session(name).delete().unwrap();
    }
    assert!(backend.sessions().unwrap().is_empty());
}

#[test]
fn an_empty_name_is_a_mistake() {
    let server = Postgres::open();
    let error = PostgresBackend::new(server.url("postgres"), "").load().unwrap_err();
    assert!(matches!(SessionError::of(&error), Some(SessionError::Config(_))), "{error}");
}

/// A name is part of an index, which has no room for more.
#[test]
fn a_name_that_is_too_long_is_a_mistake() {
    let server = Postgres::open();
    let name: String = (0..3_000).map(|at| format!("{:x}", at * 7_919)).collect();
    let backend = PostgresBackend::new(server.url("postgres"), &name);
    for error in [backend.set_home_dc(1).unwrap_err(), backend.save(&full(1)).unwrap_err()] {
        assert!(matches!(SessionError::of(&error), Some(SessionError::Config(_))), "{error}");
        assert!(error.to_string().contains("shorter"), "{error}");
    }
    assert!(backend.load().unwrap().is_none());
}

#[test]
fn schemas_and_prefixes_keep_sessions_apart() {
    let server = Postgres::open();
    let schemas = ["public", "second", "Odd \"name\", = ?; --", "user", "münster", "$user"];
    for schema in &schemas[1..] {
        let quoted = schema.replace('"', "\"\"");
        server.sql("postgres", &format!("CREATE SCHEMA \"{quoted}\""));
    }
    // Were names not qualified, this would lead elsewhere.
    server.sql("postgres", "ALTER ROLE postgres SET search_path = second, public");
    let prefixes = [TablePrefix::default(), TablePrefix::new("Bots_")];
    let places = || schemas.iter().flat_map(|schema| prefixes.map(|prefix| (*schema, prefix)));
    let backend = |(schema, prefix): (&str, TablePrefix)| {
        let config = PostgresConfig::new(server.url("postgres")).schema(schema).prefix(prefix);
        PostgresBackend::with(config, "my-bot")
    };
    for (peers, place) in (1..).zip(places()) {
        assert!(backend(place).load().unwrap().is_none());
        backend(place).save(&full(peers)).unwrap();
    }
    for (peers, place) in (1..).zip(places()) {
        assert_eq!(backend(place).load().unwrap().map(normal), Some(normal(full(peers))));
        backend(place).delete().unwrap();
    }
}

#[test]
fn a_schema_that_is_not_there_is_not_an_empty_session() {
    let server = Postgres::open();
    for schema in ["nowhere", "", "a\0b", "x".repeat(64).as_str()] {
        let config = PostgresConfig::new(server.url("postgres")).schema(schema);
        let backend = PostgresBackend::with(config, "my-bot");
        is(&backend.load().unwrap_err(), "load", |error| matches!(error, SessionError::Config(_)));
        is(&backend.save(&full(1)).unwrap_err(), "save", |error| {
            matches!(error, SessionError::Config(_))
        });
    }
}

#[test]
fn text_of_every_sort_in_databases_of_every_encoding() {
    let server = Postgres::open();
    for encoding in ["UTF8", "LATIN1", "SQL_ASCII", "EUC_JP"] {
        let database = encoding.to_lowercase();
        server.sql(
            "postgres",
            &format!(
                "CREATE DATABASE {database} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"
            ),
        );
        let mut session = full(1);
        for (dc, text) in session.dcs.iter_mut().zip(["a\0b", "\u{1f600}ü", "\\u{0}\\", "'", ""]) {
            dc.addr = text.to_owned();
        }
        let backend = PostgresBackend::new(server.url(&database), "my-bot");
        backend.save(&session).unwrap();
        assert_eq!(backend.load().unwrap().map(normal), Some(normal(session)), "{encoding}");
    }
}

#[test]
fn what_others_wrote_into_a_row_is_damage() {
    let server = Postgres::open();
    let backend = || PostgresBackend::new(server.url("postgres"), "my-bot");
    for change in [
        "UPDATE ferogram_dcs SET addr = addr || '\\x'",
        "UPDATE ferogram_dcs SET addr = '127.0.0.1:444'",
        "UPDATE ferogram_dcs SET auth_key = '\\x00'",
        "UPDATE ferogram_peers SET flags = 200",
        "UPDATE ferogram_sessions SET pts = 5000000000",
        "DELETE FROM ferogram_sessions",
    ] {
        backend().delete().unwrap();
        backend().save(&full(3)).unwrap();
        server.sql("postgres", change);
        is(&backend().load().unwrap_err(), "load", |error| {
            matches!(error, SessionError::Corrupt(_))
        });
    }
    server.sql("postgres", "UPDATE ferogram_meta SET value = '2'");
    is(&backend().load().unwrap_err(), "load", |error| {
        matches!(error, SessionError::Unsupported(_))
    });
}
