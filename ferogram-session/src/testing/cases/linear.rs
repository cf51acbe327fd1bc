//! Law 5 for calls of all sorts: threads make random calls and loads at once,
//! and one order of them explains every load and what is there at the end. A
//! call that had returned when another began comes before it.

use super::*;
use crate::sync::locks::{sync::Barrier, thread};
use crate::testing::sequences::{Sequences, number};
use crate::testing::steps::{Step, steps};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};

const THREADS: usize = 3;
/// More would have too many orders.
const STEPS: usize = 14;

pub(in crate::testing) fn law_5_random_calls_from_threads(suite: &Suite) {
    explore(suite, 1);
}

pub(in crate::testing) fn law_5_random_calls_from_threads_with_a_handle_each(suite: &Suite) {
    explore(suite, THREADS);
}

fn explore(suite: &Suite, handles: usize) {
    let some = Sequences::new(suite, 4);
    let all = sequences(some.most()).take_while(|_| some.go_on());
    all.for_each(|sequence| play(suite, handles, &sequence));
}

/// Steps of a few threads, in so many ways.
pub(crate) fn sequences(count: u64) -> impl Iterator<Item = Vec<Step>> {
    let mut seed = [0; 32];
    let first = number("FEROGRAM_SESSION_MODEL_SEED").unwrap_or(0);
    seed[..8].copy_from_slice(&first.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    (0..count).map(move |_| {
        let tree = steps(THREADS).new_tree(&mut runner);
        let mut sequence = tree.expect("nothing is rejected").current();
        sequence.truncate(STEPS);
        sequence
    })
}

/// A call that was made, or a load where there is none.
struct Made {
    call: Option<Call>,
    loaded: Option<PersistedSession>,
    /// Numbers of its beginning and its end among all of them.
    began: u64,
    ended: u64,
}

/// Has the threads make their steps at the same time, through so many handles.
pub(crate) fn play(suite: &Suite, handles: usize, sequence: &[Step]) {
    let place = Place::new();
    let handles: Vec<_> = (0..handles).map(|_| suite.make(&place)).collect();
    let clock = AtomicU64::new(0);
    let tick = || clock.fetch_add(1, Ordering::SeqCst);
    let barrier = Barrier::new(THREADS);
    let histories: Vec<Vec<Made>> = thread::scope(|scope| {
        let run = |number: usize| {
            let backend = &*handles[number % handles.len()];
            let (barrier, tick) = (&barrier, &tick);
            let mine = sequence.iter().filter(move |step| thread_of(step) == number);
            scope.spawn(move || {
                barrier.wait();
                mine.map(|step| make(backend, step, tick)).collect()
            })
        };
        let threads: Vec<_> = (0..THREADS).map(run).collect();
        let joined = threads.into_iter().map(thread::ScopedJoinHandle::join);
        joined.map(|made| made.unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    for backend in &handles {
        let found = ok(backend.load(), "load");
        let found = found.map(|session| crate::testing::reference::normal(&session));
        let mut search = Search { histories: &histories, found: &found, seen: HashSet::new() };
        if !search.explains(&[0; THREADS], &Reference::new()) {
            let lines: Vec<_> = histories
                .iter()
                .enumerate()
                .flat_map(|(thread, made)| {
                    made.iter().map(move |made| match &made.call {
                        Some(call) => {
                            format!("  thread {thread}, {} to {}: {call:?}", made.began, made.ended)
                        }
                        None => format!(
                            "  thread {thread}, {} to {}: load of {:?}",
                            made.began, made.ended, made.loaded
                        ),
                    })
                })
                .collect();
            panic!(
                "no order of these calls explains the loads, and {found:?} at the end:\n{}",
                lines.join("\n")
            );
        }
    }
}

fn thread_of(step: &Step) -> usize {
    match step {
        Step::Call { handle, .. } | Step::Load { handle } | Step::Reopen { handle } => *handle,
    }
}

fn make(backend: &dyn SessionBackend, step: &Step, tick: &impl Fn() -> u64) -> Made {
    let began = tick();
    let (call, loaded) = match step {
        Step::Call { call, .. } => {
            ok(call.make(backend), &format!("{call:?}"));
            (Some(call.clone()), None)
        }
        Step::Load { .. } | Step::Reopen { .. } => (None, ok(backend.load(), "load")),
    };
    let loaded = loaded.map(|session| crate::testing::reference::normal(&session));
    Made { call, loaded, began, ended: tick() }
}

struct Search<'a> {
    histories: &'a [Vec<Made>],
    found: &'a Option<PersistedSession>,
    /// How far each thread was, with what was stored then: tried in vain.
    seen: HashSet<([usize; THREADS], Option<Vec<u8>>)>,
}

impl Search<'_> {
    fn explains(&mut self, at: &[usize; THREADS], reference: &Reference) -> bool {
        let left = |thread: usize| self.histories[thread].get(at[thread]);
        let earliest_end = (0..THREADS).filter_map(left).map(|made| made.ended).min();
        let Some(earliest_end) = earliest_end else {
            return reference.stored() == self.found.as_ref();
        };
        if !self.seen.insert((*at, reference.stored().map(PersistedSession::to_bytes))) {
            return false;
        }
        for thread in 0..THREADS {
            let Some(made) = self.histories[thread].get(at[thread]) else { continue };
            if made.began > earliest_end {
                continue;
            }
            let mut reference = reference.clone();
            match &made.call {
                Some(call) => reference.call(call),
                None if reference.stored() != made.loaded.as_ref() => continue,
                None => {}
            }
            let mut next = *at;
            next[thread] += 1;
            if self.explains(&next, &reference) {
                return true;
            }
        }
        false
    }
}
