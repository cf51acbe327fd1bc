//! What the help lines of `conformance!` say, pasted in.

mod capabilities {
    use ferogram_session::InMemoryBackend;
    use ferogram_session::testing::Place;

    fn make_backend(_: &Place) -> InMemoryBackend {
        InMemoryBackend::new()
    }

    ferogram_session::conformance!(make_backend, persistent, conditional);
}

mod damage {
    use ferogram_session::InMemoryBackend;
    use ferogram_session::testing::Place;

    fn make_backend(_: &Place) -> InMemoryBackend {
        InMemoryBackend::new()
    }

    fn damage(place: &ferogram_session::testing::Place) {
        let _ = place;
    }

    ferogram_session::conformance!(make_backend, detects_damage = damage);
}

fn main() {}
