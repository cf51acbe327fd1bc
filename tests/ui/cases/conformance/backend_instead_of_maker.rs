//! A backend instead of a function that makes one.

use ferogram_session::InMemoryBackend;

ferogram_session::conformance!(InMemoryBackend::new(), persistent);

fn main() {}
