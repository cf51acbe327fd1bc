//! Shared by the tests: sessions to store, and where the golden files are.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

pub mod golden;
pub mod sessions;
