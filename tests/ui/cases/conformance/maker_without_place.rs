//! The function does not take a place.

use ferogram_session::InMemoryBackend;

fn backend() -> InMemoryBackend {
    InMemoryBackend::new()
}

ferogram_session::conformance!(backend);

fn main() {}
