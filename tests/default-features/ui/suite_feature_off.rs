//! The conformance suite, whose feature is off.

ferogram_session::conformance!(|_| ferogram_session::InMemoryBackend::new(), persistent);

fn main() {}
