//! Damage, but no function that does it.

use ferogram_session::InMemoryBackend;
use ferogram_session::testing::Place;

fn backend(_: &Place) -> InMemoryBackend {
    InMemoryBackend::new()
}

ferogram_session::conformance!(backend, detects_damage);

fn main() {}
