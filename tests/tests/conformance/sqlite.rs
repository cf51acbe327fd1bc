use ferogram_session::testing::Place;
use ferogram_session::{SqliteBackend, conformance};
use ferogram_session_tests::damage::{another_key, no_head};

mod in_a_file {
    use super::*;

    fn make(place: &Place) -> SqliteBackend {
        SqliteBackend::new(place.dir().join("sessions.db")).session(place.key())
    }

    fn damage(place: &Place) {
        another_key(make(place).__store().executor(), place.key());
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

mod in_memory {
    use super::*;

    fn make(place: &Place) -> SqliteBackend {
        place.shared(|| SqliteBackend::in_memory().unwrap()).session(place.key())
    }

    fn damage(place: &Place) {
        no_head(make(place).__store().executor(), place.key());
    }

    conformance!(make, persistent, conditional, many_sessions, detects_damage = damage);
}
