//! The cases, a file for each topic. The list that gives them their names and
//! needs is in [`list`](super::list).

pub(super) mod contexts;
pub(super) mod damage;
pub(super) mod duplicates;
pub(super) mod granular;
pub(super) mod handles;
pub(super) mod identity;
pub(super) mod kills;
pub(crate) mod linear;
pub(super) mod lives;
pub(super) mod many;
pub(super) mod model;
pub(super) mod places;
pub(super) mod processes;
pub(super) mod round_trip;
pub(super) mod secrets;
pub(super) mod sessions;
pub(super) mod survival;
pub(super) mod threads;
pub(super) mod values;
pub(super) mod whole;

use super::advice::{HELP, PLACES, failed};
use super::compare::{compare, holds, holds_nothing};
use super::reference::{Call, Reference};
use super::{Handle, Place, Suite};
use crate::{PersistedSession, SessionBackend, UpdateStateChange};
use std::io;
use std::panic::resume_unwind;
use std::sync::Barrier;
use std::thread;

/// Stops the test when a call fails.
#[track_caller]
fn ok<T>(result: io::Result<T>, what: &str) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{}", failed(what, &error)),
    }
}

/// Saves, and checks that exactly this is then loaded.
#[track_caller]
fn save_and_check(backend: &dyn SessionBackend, session: &PersistedSession, when: &str) {
    ok(backend.save(session), &format!("save ({when})"));
    holds(backend, session, when);
}

/// Stops the test unless there is nothing in a place that nobody has used.
#[track_caller]
fn starts_empty(backend: &dyn SessionBackend, when: &str) {
    // Exactly `None`: a default session would be taken for a login.
    if let Err(difference) = compare(None, backend.load()) {
        let help =
            if difference.contains(HELP) { String::new() } else { format!("{HELP}{PLACES}") };
        panic!("{when}: {difference}{help}");
    }
}

/// A backend in `place` that holds `session`.
#[track_caller]
fn saved(suite: &Suite, place: &Place, session: &PersistedSession) -> Handle {
    let backend = suite.make(place);
    ok(backend.save(session), "save");
    backend
}

/// Makes the calls on a backend and on the reference, and compares after each.
#[track_caller]
fn follow(backend: &dyn SessionBackend, reference: &mut Reference, calls: &[Call]) {
    for call in calls {
        reference.call(call);
        ok(call.make(backend), &format!("{call:?}"));
        if let Err(difference) = compare(reference.stored(), backend.load()) {
            panic!("after {call:?}: {difference}");
        }
    }
}

/// Runs `work` in so many threads, which begin together; the first panic goes
/// on here.
fn in_threads(count: usize, work: impl Fn(usize) + Sync) {
    let start = Barrier::new(count);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|thread| {
                let (start, work) = (&start, &work);
                scope.spawn(move || {
                    start.wait();
                    work(thread);
                })
            })
            .collect();
        for thread in threads {
            if let Err(payload) = thread.join() {
                resume_unwind(payload);
            }
        }
    });
}

fn primary(pts: i32) -> UpdateStateChange {
    UpdateStateChange::Primary { pts, date: pts.wrapping_mul(3), seq: pts.wrapping_mul(7) }
}

fn channel_pts(id: i64, pts: i32) -> UpdateStateChange {
    UpdateStateChange::Channel { id, pts }
}
