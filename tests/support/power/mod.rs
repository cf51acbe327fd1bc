//! What a power cut leaves of a database: laws 4 and 6.
//!
//! A program makes calls under `strace`. From what it wrote and synced follows
//! what a disk may hold at any moment when the power goes: everything synced,
//! and of the rest any part, in any order, torn. Whatever that is, the database
//! must open, and hold the session as after one of the calls: not before the
//! last that returned and said something of the login, nor before a checkpoint.
//!
//! `FEROGRAM_SESSION_POWER_CUTS` sets how many cuts are tried, and
//! `FEROGRAM_SESSION_FAULTS_EVERY` that every call of the system is made to fail
//! (1), or one in so many.

mod calls;
mod checkpoint;
mod failing;
#[allow(dead_code, reason = "the tests of the file backend use more of it")]
#[path = "../../../ferogram-session/src/backends/faults/model.rs"]
mod model;
mod run;
mod said_again;
mod trace;

pub use failing::*;
pub use said_again::*;
pub use trace::strace;

use crate::golden::{Golden, files};
use crate::sessions::full;
use crate::sql_files::FileBackend;
use calls::{Call, Step, dc_of, life, long_log, peer, states, update};
use checkpoint::Checkpoint;
use ferogram_session::testing;
use model::{Image, Model};
use run::{Run, Syncs, check, is_traced, run};
use trace::Event;

/// Numbers that look random and are the same each time.
fn numbers(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move |end| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % end.max(1)
    }
}

fn cuts() -> usize {
    let set = std::env::var("FEROGRAM_SESSION_POWER_CUTS").ok();
    set.map_or(100, |cuts| cuts.parse().expect("FEROGRAM_SESSION_POWER_CUTS is a number"))
}

/// Cuts the power at chosen moments of a run. Returns how many checkpoints took
/// calls along that say nothing of the login.
fn cut_everywhere<B: FileBackend>(run: &Run, calls: &[Call], old: Option<&Golden>) -> usize {
    let states = states(calls, old);
    let events = &run.events;
    let is_write = |event: &Event| matches!(event, Event::Write(..));
    let writes = events.iter().filter(|event| is_write(event)).count();
    let mut below = numbers(1);
    let mut model = Model::of(&run.before);
    // Calls that have begun; of these, up to which the power cannot take back.
    let (mut begun, mut certain) = (0, 0);
    let mut checkpoint = Checkpoint::default();
    let mut checkpoints = 0;
    let (mut returned, mut erased) = (0, false);
    let mut tried = 0;
    for (at, event) in events.iter().enumerate() {
        // At everything but a write, and at some of those.
        if !is_write(event) || below(writes) < cuts() {
            let what = format!("event {at} of {}, call {begun} of {}", events.len(), calls.len());
            let allowed = &states[certain..=begun];
            for image in [model.cut(&mut |_| 0), model.cut(&mut below)] {
                assert!(!erased || !holds_a_key(&image), "{what}: a key of a deleted session");
                check::<B>(&image, allowed, &what, tried % 8 == 0);
                tried += 1;
            }
        }
        event.apply(&mut model);
        if let Some(whole) = checkpoint.after(event, returned) {
            checkpoints += usize::from(whole > certain);
            certain = certain.max(whole);
        }
        if let Event::Mark(mark) = event {
            let is_call = mark == "call";
            begun += usize::from(is_call);
            returned = begun - usize::from(is_call);
            let (step, login) = &calls[begun - 1];
            match step {
                Step::Make(testing::Call::Delete) if !is_call => erased = true,
                Step::Make(testing::Call::Save(_) | testing::Call::UpdateDc(_)) if is_call => {
                    erased = false;
                }
                _ => {}
            }
            assert!(mark != "failed", "call {begun} failed");
            if !is_call && *login {
                certain = begun;
            }
        }
    }
    assert!(tried > 100, "{tried} cuts");
    checkpoints
}

fn holds_a_key(image: &Image) -> bool {
    let keys = full(0).dcs.into_iter().filter_map(|dc| dc.auth_key);
    let parts: Vec<_> = keys.map(|key| key[..32].to_vec()).collect();
    image.values().any(|bytes| bytes.windows(32).any(|part| parts.iter().any(|key| key == part)))
}
/// # Panics
///
/// As a test does.
pub fn a_power_cut_takes_no_login<B: FileBackend>(test: &str) {
    let calls = life();
    if is_traced::<B>(&calls) {
        return;
    }
    let run = run(test, &calls, None, None);
    // What begins a log is worth a sync, and one of the folder if it is new.
    let (mut log, mut folder) = (0, 0);
    for ((step, login), syncs) in calls.iter().zip(&run.syncs) {
        match step {
            Step::Reopen => (log, folder) = (1, 1),
            _ if *login => {
                assert!(syncs.log > 0 && syncs.database > 0, "a login is in both: {syncs:?}");
                (log, folder) = (1, 0);
            }
            _ => {
                let few = Syncs { log, folder, ..Syncs::default() };
                assert_eq!(*syncs, few, "a counter, a peer or a salt");
                (log, folder) = (0, 0);
            }
        }
    }
    let first = &run.syncs[0];
    assert!(first.folder > 0 && first.other > 0, "the new file and its name: {first:?}");
    let checkpoints = cut_everywhere::<B>(&run, &calls, None);
    assert!(checkpoints >= 2, "{checkpoints} of counters and peers: one at each end");
}

/// # Panics
///
/// As a test does.
pub fn a_power_cut_while_the_log_begins_anew_takes_no_login<B: FileBackend>(test: &str) {
    let calls = long_log();
    if is_traced::<B>(&calls) {
        return;
    }
    let run = run(test, &calls, None, None);
    let quiet = |(step, login): &Call| !login && !matches!(step, Step::Reopen);
    let quiet = calls.iter().zip(&run.syncs).filter(|(call, _)| quiet(call));
    let checkpoints = quiet.filter(|(_, syncs)| syncs.database > 0).count();
    assert_eq!(checkpoints, 1, "the length of the log calls for it");
    let checkpoints = cut_everywhere::<B>(&run, &calls, None);
    assert!(checkpoints >= 1, "what it takes along is certain");
}

/// # Panics
///
/// As a test does.
pub fn a_power_cut_while_an_older_database_is_taken_over_takes_no_login<B: FileBackend>(
    test: &str,
) {
    let calls = vec![update(5), dc_of(5, 8), peer(500), (Step::Reopen, false), update(6)];
    if is_traced::<B>(&calls) {
        return;
    }
    let golden = files("sqlite", "db").into_iter().find(|old| old.name() == "0.6.6-full.db");
    let run = run(test, &calls, golden.as_ref(), None);
    let checkpoints = cut_everywhere::<B>(&run, &calls, golden.as_ref());
    assert!(checkpoints >= 1, "{checkpoints} of counters and peers: one at the end");
}
