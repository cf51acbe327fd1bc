//! Nothing is given.

ferogram_session::conformance!();

fn main() {}
