//! A capability that was misspelt.

use ferogram_session::InMemoryBackend;
use ferogram_session::testing::Place;

fn backend(_: &Place) -> InMemoryBackend {
    InMemoryBackend::new()
}

ferogram_session::conformance!(backend, persistent, power_save);

fn main() {}
