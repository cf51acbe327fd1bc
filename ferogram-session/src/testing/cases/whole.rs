//! Law 4: a call takes effect whole or not at all.

use super::*;
use crate::testing::sample;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Changes the store in one thread while another loads, and checks all that is
/// loaded.
fn load_during(
    suite: &Suite,
    start: &PersistedSession,
    change: impl Fn(&dyn SessionBackend, usize) + Sync,
    check: impl Fn(&PersistedSession) + Sync,
) {
    let place = Place::new();
    let handles = suite.make_several(&place, 2);
    ok(handles[0].save(start), "save");
    let (changes, loads) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let ended = AtomicBool::new(false);
    let load = || {
        let found = handles[handles.len() - 1].load();
        let found = ok(found, "load while another call changes the session");
        check(&found.expect("load gave None while another call changed the session"));
    };
    in_threads(2, |thread| {
        // Also when a call stops the test: the other thread must end.
        let _ending = Ending(&ended);
        let count = |which: &AtomicUsize| which.load(Ordering::Relaxed);
        // Until the two have met often enough.
        while (count(&changes) < CHANGES || count(&loads) < LOADS) && !ended.load(Ordering::Relaxed)
        {
            if thread == 0 {
                change(&*handles[0], count(&changes));
                changes.fetch_add(1, Ordering::Relaxed);
            } else {
                load();
                loads.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    load();
}

const CHANGES: usize = 60;
const LOADS: usize = 60;

struct Ending<'a>(&'a AtomicBool);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

pub(in crate::testing) fn law_4_a_load_sees_a_whole_session(suite: &Suite) {
    let sessions = [
        PersistedSession { peers: sample::with_peers(400).peers, ..sample::full() },
        sample::other(),
    ];
    load_during(
        suite,
        &sessions[0],
        |backend, at| ok(backend.save(&sessions[(at + 1) % 2]), "save"),
        |found| {
            let differences =
                sessions.each_ref().map(|session| crate::testing::differences(session, found));
            if differences.iter().all(|differences| !differences.is_empty()) {
                panic!(
                    "load gave neither of two sessions; from one: {}",
                    differences[0].join(", ")
                );
            }
        },
    );
}

pub(in crate::testing) fn law_4_a_load_sees_a_whole_step(suite: &Suite) {
    let start = sample::full();
    let all = |at: i32| crate::UpdatesStateSnap {
        pts: at,
        qts: at,
        date: at,
        seq: at,
        channels: (0..20).map(|id| (i64::from(at) * 100 + id, at)).collect(),
    };
    let start = PersistedSession { updates_state: all(1_000), ..start };
    load_during(
        suite,
        &start,
        |backend, at| {
            let at = at as i32;
            ok(backend.apply_update_state(UpdateStateChange::All(all(at))), "apply_update_state");
        },
        |found| {
            let expected =
                PersistedSession { updates_state: all(found.updates_state.pts), ..start.clone() };
            let differences = crate::testing::differences(&expected, found);
            assert!(differences.is_empty(), "load saw half a step: {}", differences.join(", "));
        },
    );
}
