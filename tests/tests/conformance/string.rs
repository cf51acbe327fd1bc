use ferogram_session::testing::Place;
use ferogram_session::{StringSessionBackend, conformance};
use ferogram_session_tests::shared::Shared;

/// As users have it: each backend is a session of its own.
mod alone {
    use super::*;

    conformance!(|_| StringSessionBackend::new(""), conditional);
}

/// The same string under several handles.
mod shared {
    use super::*;

    fn make(place: &Place) -> Shared<StringSessionBackend> {
        Shared(place.shared(|| StringSessionBackend::new("")))
    }

    conformance!(make, persistent, conditional);
}
