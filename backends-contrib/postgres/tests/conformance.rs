//! The conformance suite over a real server: one for the program, and a schema
//! for each place. Through PgBouncer what depends on transactions.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what is wrong")]

use ferogram_session::conformance;
use ferogram_session::testing::{self, Capability, Outcome, Place, Suite};
use ferogram_session_postgres::{PostgresBackend, PostgresConfig};
use ferogram_session_servers::pgbouncer::PgBouncer;
use ferogram_session_servers::postgres::Postgres;
use ferogram_session_servers::shared::OfProgram;
use std::sync::OnceLock;

/// Until the program ends: it takes a while to come up.
fn server() -> &'static Postgres {
    static SERVER: OnceLock<Postgres> = OnceLock::new();
    SERVER.get_or_init(Postgres::open)
}

/// A schema of the place, made by the first who asks.
struct Schema;

fn in_schema(place: &Place, url: impl FnOnce() -> String) -> PostgresBackend {
    static SCHEMAS: OfProgram<Schema> = OfProgram::new();
    let make = |_: &Schema| {
        server().sql("postgres", &format!("CREATE SCHEMA IF NOT EXISTS {}", place.id()));
        url()
    };
    let url = SCHEMAS.at(place, || Schema, make);
    PostgresBackend::with(PostgresConfig::new(url).schema(place.id()), place.key())
}

fn make(place: &Place) -> PostgresBackend {
    in_schema(place, || server().url("postgres"))
}

/// A datacentre's key is another one.
fn damage(place: &Place) {
    let sql = format!(
        "UPDATE {}.ferogram_dcs SET auth_key = decode(repeat('00', 256), 'hex') \
         WHERE session = '{}' AND auth_key IS NOT NULL RETURNING dc_id",
        place.id(),
        place.key()
    );
    assert_ne!(server().sql("postgres", &sql), "");
}

conformance!(
    make,
    persistent,
    power_safe,
    shared,
    conditional,
    many_sessions,
    detects_damage = damage
);

/// In transaction mode, with fewer connections to the server than the
/// backends use at once. Processes have a test in `faults`.
#[test]
fn behind_pgbouncer() {
    let pooler = PgBouncer::open(server(), 3);
    let url = pooler.url("postgres");
    let suite = Suite::new(move |place| in_schema(place, || url.clone()))
        .with(Capability::Persistent)
        .with(Capability::Conditional)
        .with(Capability::ManySessions);
    let cases = testing::cases().iter().filter(|case| {
        let laws = ["law_3_", "law_4_", "law_5_", "law_2_many_of_everything"];
        laws.iter().any(|law| case.name().starts_with(law))
            && !case.needs().contains(&Capability::Shared)
            && !case.name().contains("random")
    });
    let mut run = 0;
    for case in cases {
        match testing::run(&suite, case.name()) {
            Outcome::Passed => run += 1,
            other => panic!("{}: {other:?}", case.name()),
        }
    }
    assert!(run > 30, "{run} cases");
    drop(pooler);
}
