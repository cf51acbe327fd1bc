//! A capability that there is not.

use ferogram_session::InMemoryBackend;
use ferogram_session::testing::Place;

fn backend(_: &Place) -> InMemoryBackend {
    InMemoryBackend::new()
}

ferogram_session::conformance!(backend, durable);

fn main() {}
