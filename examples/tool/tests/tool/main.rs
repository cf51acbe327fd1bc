//! The tool as a user runs it: a process, its output and its exit code.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod commands;
mod doctor;
mod output;
mod places;
mod run;
mod servers;
