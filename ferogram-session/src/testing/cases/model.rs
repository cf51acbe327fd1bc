//! Laws 2, 3 and 5 at once: random calls, compared with the reference. Ids are
//! few, so that calls meet each other.

use super::*;
use crate::testing::Capability;
use crate::testing::sequences::{Sequences, number};
use crate::testing::steps::{Step, steps};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(in crate::testing) fn law_3_random_calls(suite: &Suite) {
    explore(suite, 1, play_alone);
}

pub(in crate::testing) fn law_5_random_calls_through_two_handles(suite: &Suite) {
    explore(suite, 2, play_watched);
}

/// Plays random sequences. One that goes wrong is made as short as it can be
/// while it still goes wrong, and printed.
fn explore(suite: &Suite, handles: usize, play: fn(&Suite, &[Step]) -> Result<(), String>) {
    let some = Sequences::new(suite, 1);
    let seed = number("FEROGRAM_SESSION_MODEL_SEED").unwrap_or(0);
    let config = Config {
        cases: some.most() as u32,
        // Nothing is written into the user's tree: the seed tells it all.
        failure_persistence: None,
        max_shrink_time: 20_000,
        max_shrink_iters: 10_000,
        ..Config::default()
    };
    let mut random = [0; 32];
    random[..8].copy_from_slice(&seed.to_le_bytes());
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &random));
    let failed = Cell::new(false);
    let result = runner.run(&steps(handles), |steps| {
        // What goes wrong is played again and again, to make it shorter.
        if !failed.get() && !some.go_on() {
            return Ok(());
        }
        play(suite, &steps).inspect_err(|_| failed.set(true)).map_err(TestCaseError::fail)
    });
    match result {
        Ok(()) => {}
        Err(TestError::Fail(reason, steps)) => {
            let (steps, reason) = shorten(steps, reason.to_string(), |steps| play(suite, steps));
            let lines = steps.iter().zip(1..).map(|(step, at)| format!("  {at}. {step:?}"));
            panic!(
                "{reason}\nThe calls, with FEROGRAM_SESSION_MODEL_SEED={seed}:\n{}",
                lines.collect::<Vec<_>>().join("\n")
            );
        }
        Err(TestError::Abort(reason)) => panic!("no calls to try: {reason}"),
    }
}

/// Leaves out every step without which it goes wrong too: proptest makes them
/// simpler, and does not try again then which of them it needs.
fn shorten(
    mut steps: Vec<Step>,
    mut reason: String,
    play: impl Fn(&[Step]) -> Result<(), String>,
) -> (Vec<Step>, String) {
    let mut at = 0;
    while at < steps.len() {
        let mut fewer = steps.clone();
        fewer.remove(at);
        // A panic is as wrong as an error, but then this is short enough.
        match catch_unwind(AssertUnwindSafe(|| play(&fewer))) {
            Ok(Err(other)) => (steps, reason, at) = (fewer, other, 0),
            _ => at += 1,
        }
    }
    (steps, reason)
}

/// Through one handle. Only some calls are followed by a load, because a load
/// tells the backend what is stored.
fn play_alone(suite: &Suite, steps: &[Step]) -> Result<(), String> {
    let place = Place::new();
    let mut backend = suite.make(&place);
    let mut reference = Reference::new();
    for (at, step) in steps.iter().enumerate() {
        match step {
            Step::Call { call, .. } => {
                reference.call(call);
                made(call, &backend, at)?;
            }
            Step::Load { .. } => seen(&reference, &backend, at)?,
            Step::Reopen { .. } if suite.has(Capability::Persistent) => {
                drop(backend);
                backend = suite.make(&place);
            }
            Step::Reopen { .. } => {}
        }
    }
    seen(&reference, &backend, steps.len().saturating_sub(1))
}

/// Through two handles. What is stored after each call, a third one sees; the
/// two themselves load only when it is their turn.
fn play_watched(suite: &Suite, steps: &[Step]) -> Result<(), String> {
    let place = Place::new();
    let mut handles = [suite.make(&place), suite.make(&place)];
    let watcher = suite.make(&place);
    let mut reference = Reference::new();
    for (at, step) in steps.iter().enumerate() {
        match step {
            Step::Call { handle, call } => {
                reference.call(call);
                made(call, &handles[*handle], at)?;
            }
            Step::Load { handle } => seen(&reference, &handles[*handle], at)?,
            Step::Reopen { handle } => handles[*handle] = suite.make(&place),
        }
        seen(&reference, &watcher, at)?;
    }
    Ok(())
}

fn made(call: &Call, backend: &Handle, at: usize) -> Result<(), String> {
    call.make(&**backend).map_err(|error| format!("call {}, {call:?}, failed: {error}", at + 1))
}

fn seen(reference: &Reference, backend: &Handle, at: usize) -> Result<(), String> {
    compare(reference.stored(), backend.load())
        .map_err(|difference| format!("after call {}: {difference}", at + 1))
}
