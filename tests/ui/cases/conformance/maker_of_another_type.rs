//! What the function makes is no backend.

use ferogram_session::testing::Place;

fn backend(_: &Place) -> u8 {
    0
}

ferogram_session::conformance!(backend);

fn main() {}
