//! Several processes, over a store that does not compare.

use ferogram_session::InMemoryBackend;
use ferogram_session::testing::Place;

fn backend(_: &Place) -> InMemoryBackend {
    InMemoryBackend::new()
}

ferogram_session::conformance!(backend, persistent, shared);

fn main() {}
