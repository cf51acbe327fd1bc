use super::advice;
use super::list::{Case, cases};
use super::watch::{Watched, panic_text, watch};
use super::{Capability, Suite};
use std::panic::resume_unwind;

/// What became of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The backend keeps this law.
    Passed,
    /// It does not, and this is what was seen.
    Failed(String),
    /// It did not end in time.
    Hung,
    /// The case needs a capability that was not declared.
    Ignored(Capability),
    /// The case starts processes of its own, which takes a `#[test]`.
    NotHere,
}

impl Outcome {
    /// Whether the case showed a fault.
    #[must_use]
    pub fn is_fault(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::Hung)
    }
}

/// Runs one case.
///
/// # Panics
///
/// If there is no case of this name.
#[must_use]
pub fn run(suite: &Suite, name: &str) -> Outcome {
    match cases().iter().find(|case| case.name() == name) {
        Some(case) => run_case(suite, case),
        None => panic!("there is no case `{name}`"),
    }
}

/// Runs every case, one after the other.
#[must_use]
pub fn run_all(suite: &Suite) -> Vec<(&'static str, Outcome)> {
    cases().iter().map(|case| (case.name(), run_case(suite, case))).collect()
}

fn run_case(suite: &Suite, case: &'static Case) -> Outcome {
    if let Some(missing) = case.missing(suite) {
        return Outcome::Ignored(missing);
    }
    if case.needs_processes() && suite.test.is_none() {
        return Outcome::NotHere;
    }
    match watched(suite, case) {
        Watched::Done => Outcome::Passed,
        Watched::Panicked(payload) => Outcome::Failed(panic_text(&*payload)),
        Watched::Hung => Outcome::Hung,
    }
}

/// Runs one case as a `#[test]`, whose result is a panic or none.
pub(super) fn run_as_test(suite: &Suite, name: &str) {
    let case = cases().iter().find(|case| case.name() == name).expect("the list made the test");
    if let Some(missing) = case.missing(suite) {
        panic!("needs the capability `{missing}`");
    }
    match watched(suite, case) {
        Watched::Done => {}
        Watched::Panicked(payload) => {
            // Shown with what the test printed.
            eprintln!("{}", advice::below(name, &panic_text(&*payload)));
            resume_unwind(payload)
        }
        Watched::Hung => panic!(
            "{name} did not end within {:?}: some call hangs (set FEROGRAM_SESSION_CASE_SECONDS if it is only slow)\nhelp: {}",
            suite.time_limit(),
            advice::of_hanging()
        ),
    }
}

fn watched(suite: &Suite, case: &'static Case) -> Watched {
    let owned = suite.clone();
    watch(case.name(), suite.time_limit(), move || case.call(&owned))
}
