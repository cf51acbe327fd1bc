//! The conformance suite over a real server: directly, and through PgBouncer
//! in transaction mode.

mod support;

use ferogram_session::conformance;
use ferogram_session::testing::Place;
use ferogram_session_postgres::{PostgresBackend, PostgresConfig};
use ferogram_session_servers::pgbouncer::PgBouncer;
use std::sync::OnceLock;
use support::{schema, server};

mod direct {
    use super::*;

    fn make(place: &Place) -> PostgresBackend {
        let (schema, url) = schema(place, || server().url("postgres"));
        PostgresBackend::with(PostgresConfig::new(url).schema(schema), place.key())
    }

    conformance!(make, persistent, power_safe, shared, conditional, many_sessions);
}

mod pgbouncer {
    use super::*;

    /// With fewer connections to the server than backends use at once.
    fn pooler() -> &'static PgBouncer {
        static POOLER: OnceLock<PgBouncer> = OnceLock::new();
        POOLER.get_or_init(|| PgBouncer::open(server(), 3))
    }

    fn make(place: &Place) -> PostgresBackend {
        let (schema, url) = schema(place, || pooler().url("postgres"));
        PostgresBackend::with(PostgresConfig::new(url).schema(schema), place.key())
    }

    conformance!(make, persistent, power_safe, shared, conditional, many_sessions);
}
