//! Capabilities, but no function that makes a backend.

ferogram_session::conformance!(persistent, shared);

fn main() {}
