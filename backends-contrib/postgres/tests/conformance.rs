//! The conformance suite over a real server: one for the program, and a schema
//! for each place; and once more through PgBouncer.
#![allow(clippy::unwrap_used, reason = "a test stops at what is wrong")]

use ferogram_session::conformance;
use ferogram_session::testing::Place;
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
/// backends use at once.
mod behind_pgbouncer {
    use super::*;

    fn pooler() -> &'static PgBouncer {
        static POOLER: OnceLock<PgBouncer> = OnceLock::new();
        POOLER.get_or_init(|| PgBouncer::open(server(), 3))
    }

    fn make(place: &Place) -> PostgresBackend {
        in_schema(place, || pooler().url("postgres"))
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
}
