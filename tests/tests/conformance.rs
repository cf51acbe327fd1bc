//! The conformance suite, over every backend of this repository and over
//! backends derived in every mode.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod conformance {
    mod binary_file;
    mod derived_blob;
    mod derived_key_value;
    mod derived_rows;
    mod examples;
    mod memory;
    mod readme;
    mod sqlite;
    mod string;
}
