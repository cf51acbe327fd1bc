use ferogram_session::testing::Place;
use ferogram_session::{InMemoryBackend, conformance};
use ferogram_session_tests::shared::Shared;

/// As users have it: each backend is a session of its own.
mod alone {
    use super::*;

    conformance!(|_| InMemoryBackend::new(), conditional);
}

/// The same memory under several handles.
mod shared {
    use super::*;

    fn make(place: &Place) -> Shared<InMemoryBackend> {
        Shared(place.shared(InMemoryBackend::new))
    }

    conformance!(make, persistent, conditional);
}
