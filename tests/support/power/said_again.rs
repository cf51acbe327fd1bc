//! A login that a program left that was killed before it had synced it, and
//! that the next one says again: law 6.

use super::calls::{Call, dc_of, home, load, save, states, update};
use super::model::{Image, Model};
use super::numbers;
use super::run::{LOG, check, is_traced_in_part, traced};
use super::trace::{Event, Fault};
use crate::sessions::full;
use crate::sql_files::FileBackend;
use ferogram_session::PersistedSession;

/// Cuts of the power behind each program.
const CUTS: usize = 12;

fn killed() -> Vec<Call> {
    vec![save(full(3), true), update(1), dc_of(5, 8)]
}

/// What the next program may do, who finds the login there: to each the calls,
/// with and without a cache, and the session behind them.
fn again(there: &PersistedSession) -> Vec<(Vec<Call>, PersistedSession)> {
    let mut counted = there.clone();
    counted.updates_state.pts += 5;
    let says = |session: &PersistedSession| save(session.clone(), true);
    let same = |calls| (calls, there.clone());
    vec![
        same(vec![dc_of(5, 8)]),
        same(vec![load(), dc_of(5, 8)]),
        same(vec![says(there)]),
        same(vec![load(), says(there)]),
        same(vec![load(), home(there.home_dc_id)]),
        (vec![says(&counted)], counted.clone()),
        (vec![load(), says(&counted)], counted),
        same(vec![
            load(),
            update(1),
            dc_of(5, 8),
            dc_of(5, 8),
            says(there),
            home(there.home_dc_id),
        ]),
    ]
}

/// # Panics
///
/// As a test does.
pub fn a_login_that_is_said_again_survives_a_power_cut<B: FileBackend>(test: &str) {
    let calls = killed();
    let there = states(&calls, None).pop().flatten().unwrap();
    let again = again(&there);
    let parts: Vec<&[Call]> =
        [calls.as_slice()].into_iter().chain(again.iter().map(|(calls, _)| &calls[..])).collect();
    if is_traced_in_part::<B>(&parts) {
        return;
    }
    let mut unsynced = 0;
    for call in ["fsync", "fdatasync"] {
        for nth in 1.. {
            let fault = Fault { call, nth, error: None };
            let events = traced(test, 0, &Image::new(), Some(fault));
            if marks(&events, "returned") == calls.len() {
                break;
            }
            if marks(&events, "call") < calls.len() {
                continue;
            }
            let mut model = Model::default();
            events.iter().for_each(|event| event.apply(&mut model));
            let allowed = [Some(there.clone())];
            check::<B>(&model.live(), &allowed, "what the killed program left", false);
            // Its log was written and not synced: then a power cut takes the login.
            let synced = events.iter().rev().find_map(|event| match event {
                Event::Sync(name) if name == LOG => Some(true),
                Event::Write(name, ..) if name == LOG => Some(false),
                _ => None,
            });
            unsynced += usize::from(synced == Some(false));
            for (number, (calls, after)) in again.iter().enumerate() {
                let what = format!("killed at {call} {nth}, then program {number}");
                let events = traced(test, 1 + number, &model.live(), None);
                let allowed = [Some(there.clone()), Some(after.clone())];
                cut_behind::<B>(model.clone(), &events, calls.len(), &allowed, &what);
            }
            costs_once(&traced(test, again.len(), &model.live(), None));
        }
    }
    assert!(unsynced > 0, "none was killed before it had synced its login");
}

/// Cuts the power when the last call has returned, before the end of the
/// program syncs more.
fn cut_behind<B: FileBackend>(
    mut model: Model,
    events: &[Event],
    calls: usize,
    allowed: &[Option<PersistedSession>],
    what: &str,
) {
    assert_eq!(marks(events, "returned"), calls, "{what}: a call failed");
    let mut returned = 0;
    for event in events {
        event.apply(&mut model);
        returned += usize::from(is_mark(event, "returned"));
        if returned == calls {
            break;
        }
    }
    let mut below = numbers(3);
    check::<B>(&model.cut(&mut |_| 0), allowed, what, true);
    for _ in 0..CUTS {
        check::<B>(&model.cut(&mut below), allowed, what, false);
    }
}

/// Of the last program: the first call that says the login writes and syncs;
/// none before that, which says nothing of it, and none after it.
fn costs_once(events: &[Event]) {
    let mut costs: Vec<(usize, usize)> = Vec::new();
    for event in events {
        let calls = costs.len();
        match (event, costs.last_mut()) {
            (event, _) if is_mark(event, "call") => costs.push((0, 0)),
            (Event::Write(..), Some((writes, _))) => *writes += 1,
            (Event::Sync(_) | Event::SyncFolder, Some((_, syncs))) => *syncs += 1,
            // The connection is closed at the end.
            (event, Some(_)) if is_mark(event, "returned") && calls == 6 => break,
            _ => {}
        }
    }
    let [_, counter, first, rest @ ..] = &costs[..] else { panic!("{costs:?}") };
    assert_eq!(*counter, (0, 0), "a counter that is there already");
    assert!(first.0 > 0 && first.1 > 0, "the login is synced: {first:?}");
    assert_eq!(rest, [(0, 0); 3], "it is known to be on the disk");
}

fn marks(events: &[Event], mark: &str) -> usize {
    events.iter().filter(|event| is_mark(event, mark)).count()
}

fn is_mark(event: &Event, mark: &str) -> bool {
    matches!(event, Event::Mark(text) if text == mark)
}
