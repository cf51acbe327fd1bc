//! A capability with a value that it has not.

use ferogram_session::InMemoryBackend;
use ferogram_session::testing::Place;

fn backend(_: &Place) -> InMemoryBackend {
    InMemoryBackend::new()
}

ferogram_session::conformance!(backend, persistent = true);

fn main() {}
