//! The conformance suite is tested too: backends with one fault each, and the
//! cases that must find it. A case that nothing can fail proves nothing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first thing that is wrong"
)]

#[path = "suite_catches"]
mod catches {
    #[macro_use]
    pub(crate) mod faulty;

    pub(crate) mod contexts;
    pub(crate) mod granular;
    pub(crate) mod places;
    pub(crate) mod processes;
    pub(crate) mod records;
    pub(crate) mod right;
    pub(crate) mod secrets;
    pub(crate) mod values;
    pub(crate) mod writers;
}

use catches::{contexts, granular, places, processes, records, secrets, values, writers};
use ferogram_session::testing;

#[test]
fn every_case_finds_some_fault() {
    let caught = [
        contexts::CAUGHT,
        granular::CAUGHT,
        places::CAUGHT,
        processes::CAUGHT,
        records::CAUGHT,
        secrets::CAUGHT,
        values::CAUGHT,
        writers::CAUGHT,
    ]
    .concat();
    for case in testing::cases() {
        assert!(caught.contains(&case.name()), "no backend here fails {}", case.name());
    }
}
