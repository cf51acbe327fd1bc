//! The conformance suite: what every backend promises, as tests.
//!
//! One line proves a backend right, or shows where it is not:
//!
//! ```
//! use ferogram_session::BinaryFileBackend;
//! use ferogram_session::testing::Place;
//!
//! fn backend(place: &Place) -> BinaryFileBackend {
//!     BinaryFileBackend::new(place.dir().join("bot.session"))
//! }
//!
//! // In a file under `tests/`, or in a module under `#[cfg(test)]`.
//! ferogram_session::conformance!(backend, persistent, power_safe, shared, conditional);
//! # fn main() {}
//! ```
//!
//! It becomes one `#[test]` for each law and case. A name begins with the law
//! that the case is about:
//!
//! | law | |
//! |---|---|
//! | 1 | a session is a set of records, at most one of each identity |
//! | 2 | what was saved is loaded, every record, exactly |
//! | 3 | a granular call does what load, change and save would |
//! | 4 | a call takes effect whole or not at all |
//! | 5 | no update is lost, whoever writes at the same time |
//! | 6 | a login survives |
//! | 7 | damage is an error, never "no session" |
//! | 8 | every method works from everywhere, and none hangs |
//! | 9 | secrets stay secret |
//!
//! # Capabilities
//!
//! What a backend promises beyond that is declared. A case that needs what is
//! not declared is *ignored*, with the reason, so that it does not look as if
//! it had passed; and one test prints what is declared and what is not.
//!
//! | capability | promise |
//! |---|---|
//! | `persistent` | a backend made again in the same [`Place`] finds what was saved, and two at once are two handles on one session |
//! | `power_safe` | a call that changes an auth key, the home DC or the token survives a power cut once it returned |
//! | `shared` | several *processes* may use one session at once; needs `conditional` |
//! | `conditional` | the store compares before it writes, and its `conditional()` says so |
//! | `many_sessions` | places with different [keys](Place::session) are different sessions |
//! | `detects_damage = damage` | what was altered in the store is an error; `damage` is a `fn(&Place)` that alters it |
//!
//! # What the function gets
//!
//! `conformance!` takes the path of a function, or a closure, that makes a
//! backend in a [`Place`]. It is called many times, from threads and from
//! async code, and twice or more in one place for two handles on one session:
//!
//! * files go into [`Place::dir`],
//! * on a server [`Place::id`] keeps tests apart,
//! * what only this process can share is made with [`Place::shared`],
//! * `many_sessions` backends take their key from [`Place::key`].
//!
//! # Settings
//!
//! | environment variable | |
//! |---|---|
//! | `FEROGRAM_SESSION_CASE_SECONDS` | after how long a case counts as hung; 120 unless set |
//! | `FEROGRAM_SESSION_MODEL_CASES` | how many random sequences of calls; unless set, up to 64, as many as fit into a quarter of that time |
//! | `FEROGRAM_SESSION_MODEL_SEED` | a number to begin the random sequences with; always the same unless set |
//! | `FEROGRAM_SESSION_KILLS` | how often a process is killed, in each of three cases; 3 unless set |
//!
//! # Without the macro
//!
//! A [`Suite`] is the same as a value, and [`run_all`] runs it:
//!
//! ```
//! use ferogram_session::InMemoryBackend;
//! use ferogram_session::testing::{self, Outcome, Suite};
//!
//! let suite = Suite::new(|_| InMemoryBackend::new());
//! assert!(matches!(testing::run(&suite, "law_2_save_and_load"), Outcome::Passed));
//! ```

// A test stops at the first thing that is wrong, and says what: here a panic
// is the result, not an accident.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod advice;
mod capability;
mod cases;
mod compare;
mod leaks;
mod list;
mod macros;
mod place;
mod reference;
mod run;
pub mod sample;
mod sequences;
mod steps;
mod suite;
mod watch;

pub use capability::Capability;
#[cfg(all(test, shuttle))]
pub(crate) use cases::linear::{play, sequences};
pub use compare::differences;
pub use list::{Case, cases};
pub use place::Place;
pub use reference::{Call, Reference};
pub use run::{Outcome, run, run_all};
#[cfg(all(test, shuttle))]
pub(crate) use sequences::count as count_of_sequences;
pub use suite::{Handle, Suite};

/// For tests of what happens at the deadline: makes calls that wait no longer
/// than `time`. Not for use by hand.
#[doc(hidden)]
pub fn __within<T>(time: std::time::Duration, calls: impl FnOnce() -> T) -> T {
    crate::sync::within(time, calls)
}

/// What `conformance!` expands to. Not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use super::macros::{maker, print_capabilities, test};
    pub use super::suite::{Plain, Probe, Shown};
}
