use ferogram_session::testing::Place;
use ferogram_session::{SqliteBackend, conformance};

mod in_a_file {
    use super::*;

    fn make(place: &Place) -> SqliteBackend {
        SqliteBackend::new(place.dir().join("sessions.db")).session(place.key())
    }

    conformance!(make, persistent, power_safe, shared, conditional, many_sessions);
}

mod in_memory {
    use super::*;

    fn make(place: &Place) -> SqliteBackend {
        place.shared(|| SqliteBackend::in_memory().unwrap()).session(place.key())
    }

    conformance!(make, persistent, conditional, many_sessions);
}
