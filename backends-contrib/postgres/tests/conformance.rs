//! The conformance suite over a real server, directly and through PgBouncer in
//! transaction mode: one server for the program, a schema for each place.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

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

fn make(
    place: &Place,
    place_of: &OfProgram<Schema>,
    url: impl FnOnce() -> String,
) -> PostgresBackend {
    let open = || Schema;
    let tell = |_: &Schema| {
        server().sql("postgres", &format!("CREATE SCHEMA IF NOT EXISTS {}", place.id()));
        url()
    };
    let url = place_of.at(place, open, tell);
    PostgresBackend::with(PostgresConfig::new(url).schema(place.id()), place.key())
}

mod direct {
    use super::*;

    static PLACES: OfProgram<Schema> = OfProgram::new();

    fn make(place: &Place) -> PostgresBackend {
        super::make(place, &PLACES, || server().url("postgres"))
    }

    conformance!(make, persistent, power_safe, shared, conditional, many_sessions);
}

mod pgbouncer {
    use super::*;

    static PLACES: OfProgram<Schema> = OfProgram::new();

    /// With fewer connections to the server than backends use at once.
    fn pooler() -> &'static PgBouncer {
        static POOLER: OnceLock<PgBouncer> = OnceLock::new();
        POOLER.get_or_init(|| PgBouncer::open(server(), 3))
    }

    fn make(place: &Place) -> PostgresBackend {
        super::make(place, &PLACES, || pooler().url("postgres"))
    }

    conformance!(make, persistent, power_safe, shared, conditional, many_sessions);
}
