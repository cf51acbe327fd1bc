//! Law 5: calls at the same time equal some one-after-another order. Each case
//! runs through one backend, and where a second one finds the session, through
//! a handle for each thread.

use super::*;
use crate::sync::{last_compared, meanwhile};
use crate::testing::Capability;
use crate::testing::advice::HELP;
use crate::testing::sample::{self, bare_dc, user};
use crate::{CachedPeer, DcFlags};
use std::sync::mpsc;
use std::time::Duration;

const THREADS: usize = 8;
const CALLS: usize = 25;

/// Gives `case` one handle, then one for each thread.
fn through_handles(suite: &Suite, case: impl Fn(&[Handle])) {
    let several = if suite.has(Capability::Persistent) { &[1, THREADS][..] } else { &[1] };
    for &count in several {
        let place = Place::new();
        case(&suite.make_several(&place, count));
    }
}

/// Makes disjoint calls from every thread, and expects all of them.
#[track_caller]
fn loses_none(
    suite: &Suite,
    start: &PersistedSession,
    calls: usize,
    call: impl Fn(usize) -> Call + Sync,
) {
    through_handles(suite, |handles| {
        ok(handles[0].save(start), "save");
        in_threads(THREADS, |thread| {
            let backend = &handles[thread % handles.len()];
            for at in 0..calls {
                let call = call(thread * calls + at);
                ok(call.make(&**backend), &format!("{call:?}"));
            }
        });
        let mut reference = Reference::holding(start);
        (0..THREADS * calls).for_each(|at| reference.call(&call(at)));
        let when = format!("after {THREADS} threads through {} handles", handles.len());
        holds(&*handles[0], reference.stored().expect("just called"), &when);
    });
}

pub(in crate::testing) fn law_5_threads_lose_no_peers(suite: &Suite) {
    // With a hash, and without: the first kind needs to know nothing, the
    // second what is stored.
    loses_none(suite, &sample::full(), CALLS, |at| {
        Call::CachePeer(user(1_000 + at as i64, (at % 2) as i64 * 77))
    });
}

pub(in crate::testing) fn law_5_threads_lose_no_channels(suite: &Suite) {
    loses_none(suite, &sample::full(), CALLS, |at| {
        Call::Update(channel_pts(1_000 + at as i64, at as i32))
    });
}

pub(in crate::testing) fn law_5_threads_lose_no_dcs(suite: &Suite) {
    loses_none(suite, &sample::other(), CALLS, |at| {
        Call::UpdateDc(bare_dc(1_000 + at as i32, DcFlags::NONE))
    });
}

pub(in crate::testing) fn law_5_primary_and_secondary_at_once(suite: &Suite) {
    // As the client does after a login: two jobs, each with its own counter.
    through_handles(suite, |handles| {
        let mut session = sample::full();
        ok(handles[0].save(&session), "save");
        let last = 3 * CALLS as i32;
        in_threads(2, |thread| {
            let backend = &handles[thread % handles.len()];
            for at in 1..=last {
                let update = if thread == 0 {
                    primary(at)
                } else {
                    UpdateStateChange::Secondary { qts: at }
                };
                ok(backend.apply_update_state(update), "apply_update_state");
            }
        });
        let (primary, secondary) = (primary(last), UpdateStateChange::Secondary { qts: last });
        primary.apply_to(&mut session.updates_state);
        secondary.apply_to(&mut session.updates_state);
        holds(&*handles[0], &session, "after both");
    });
}

/// A session of which every record tells which one it is.
fn numbered(number: i64) -> PersistedSession {
    let mut session = sample::with_peers(40);
    session.home_dc_id = number as i32;
    session.peers.iter_mut().for_each(|peer| peer.access_hash = number + 1);
    session.updates_state.pts = number as i32;
    session.updates_state.channels = vec![(number, 1), (-1, number as i32)];
    session
}

pub(in crate::testing) fn law_5_the_last_of_concurrent_saves(suite: &Suite) {
    through_handles(suite, |handles| {
        for round in 0..5 {
            let number = |thread: usize| round * 100 + thread as i64;
            in_threads(THREADS, |thread| {
                ok(handles[thread % handles.len()].save(&numbered(number(thread))), "save");
            });
            let found = ok(handles[0].load(), "load").expect("saved");
            let winner = i64::from(found.home_dc_id);
            assert!(
                (0..THREADS).any(|thread| number(thread) == winner),
                "nobody saved this home DC"
            );
            // Whoever was last: whole, and not one half of each of two.
            holds(&*handles[0], &numbered(winner), "after eight saves at once");
        }
    });
}

pub(in crate::testing) fn law_5_saves_among_granular_calls(suite: &Suite) {
    through_handles(suite, |handles| {
        let last_save = 20;
        in_threads(4, |thread| {
            let backend = &handles[thread % handles.len()];
            if thread == 0 {
                (0..=last_save).for_each(|number| ok(backend.save(&numbered(number)), "save"));
                return;
            }
            for at in 1..=CALLS as i64 {
                let peer = user(10_000 + thread as i64, at);
                ok(backend.cache_peer(&peer), "cache_peer");
            }
        });
        // The last save, and of each thread the last call or, if the save came
        // after it, none.
        let mut found = ok(handles[0].load(), "load").expect("saved");
        let late: Vec<CachedPeer> = found.peers.extract_if(.., |peer| peer.id >= 10_000).collect();
        let differences = crate::testing::differences(&numbered(last_save), &found);
        assert!(differences.is_empty(), "the last save is not whole: {}", differences.join(", "));
        for peer in late {
            assert!(peer.access_hash == CALLS as i64, "the last cache_peer of a thread is lost");
        }
    });
}

pub(in crate::testing) fn law_5_hashes_survive_concurrent_zeros(suite: &Suite) {
    through_handles(suite, |handles| {
        ok(handles[0].save(&sample::full()), "save");
        let peers = 20;
        in_threads(4, |thread| {
            let backend = &handles[thread % handles.len()];
            for id in 0..peers {
                // Nobody may take a hash away again, whoever knows it.
                let hashes = if thread % 2 == 0 { [id + 1, 0] } else { [0, 0] };
                for hash in hashes {
                    ok(backend.cache_peer(&user(5_000 + id, hash)), "cache_peer");
                }
            }
        });
        let mut reference = Reference::holding(&sample::full());
        (0..peers).for_each(|id| reference.call(&Call::CachePeer(user(5_000 + id, id + 1))));
        holds(&*handles[0], reference.stored().expect("just called"), "after hashes and zeros");
    });
}

pub(in crate::testing) fn law_5_own_writes_are_read(suite: &Suite) {
    through_handles(suite, |handles| {
        let last = 10;
        let read = |backend: &Handle, thread: usize| {
            let found = ok(backend.load(), "load").expect("just written");
            found.updates_state.channel_pts(thread as i64)
        };
        in_threads(THREADS, |thread| {
            let backend = &handles[thread % handles.len()];
            for pts in 1..=last {
                ok(backend.apply_update_state(channel_pts(thread as i64, pts)), "apply");
                assert_eq!(read(backend, thread), pts, "a load does not see the call before it");
            }
        });
        for thread in 0..THREADS {
            assert_eq!(read(&handles[0], thread), last, "the last call of a thread is lost");
        }
    });
}

pub(in crate::testing) fn law_5_deletes_among_granular_calls(suite: &Suite) {
    through_handles(suite, |handles| {
        ok(handles[0].save(&sample::full()), "save");
        in_threads(4, |thread| {
            let backend = &handles[thread % handles.len()];
            for at in 1..=CALLS as i64 {
                if thread == 0 {
                    ok(backend.delete(), "delete");
                } else {
                    ok(backend.cache_peer(&user(thread as i64, at % 3)), "cache_peer");
                }
            }
        });
        // Whatever came last: nothing of the deleted session is back.
        let found = ok(handles[0].load(), "load").unwrap_or_default();
        let peers = found.peers.iter().filter(|peer| (1..4).contains(&peer.id)).count();
        assert!(peers == found.peers.len() && found.dcs.is_empty(), "deleted records came back");
        assert!(found.home_dc_id == 0 && found.future_auth_token.is_none(), "a login came back");
    });
}

pub(in crate::testing) fn law_5_the_store_compares(suite: &Suite) {
    // In one process the turns of a store that says it does not would do.
    let place = Place::new();
    let backend = suite.make(&place);
    let _ = last_compared();
    ok(backend.set_home_dc(2), "set_home_dc");
    assert!(
        last_compared() != Some(false),
        "`conditional` is declared, and the store says that it does not compare{HELP}the \
         `conditional()` of your store is false, as it is unless you write it: say `fn \
         conditional(&self) -> bool {{ true }}` if its `write` compares, or else leave out \
         `conditional` and `shared`",
    );
    // A store that says it compares and does not is found out by calls that need to
    // know what is stored: where handles keep what they knew by two in turn, where
    // they read first by what comes in between; and by many at once, as a rule, where
    // something takes time in the store.
    let call = |at: usize| Call::CachePeer(user(100_000 + at as i64, 0));
    if suite.has(Capability::Persistent) {
        handles_in_turn(suite, call);
        a_write_in_between(suite);
    }
    loses_none(suite, &sample::with_peers(300), 10, call);
}

fn handles_in_turn(suite: &Suite, call: impl Fn(usize) -> Call) {
    let place = Place::new();
    let handles = suite.make_several(&place, 2);
    let mut reference = Reference::default();
    for at in 0..4 {
        ok(call(at).make(&*handles[at % 2]), "cache_peer");
        reference.call(&call(at));
    }
    let stored = reference.stored().expect("just called");
    holds(&*handles[0], stored, "after two handles in turn");
}

/// Another handle learns the hash of a peer when a call has read that there is none, and
/// has not written yet: of a session that the call makes, and of one that it knows.
fn a_write_in_between(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    let mut reference = Reference::default();
    for id in 1..=2 {
        let [with_hash, without] = [77, 0].map(|hash| Call::CachePeer(user(id, hash)));
        [&with_hash, &without].into_iter().for_each(|call| reference.call(call));
        let other = suite.make(&place);
        meet(
            move || ok(with_hash.make(&*other), "cache_peer, between two steps of another call"),
            || ok(without.make(&*backend), "cache_peer, with another call between its steps"),
        );
        // What was loaded is kept, if there is a cache: so the next call knows something
        // in every mode.
        let when = "after a write that came between what another call read and wrote";
        holds(&*backend, reference.stored().expect("just called"), when);
    }
}

/// Makes `call`, and `other` where that one is about to write what it read before.
fn meet(other: impl FnOnce() + Send + 'static, call: impl FnOnce()) {
    /// Two handles may share a cache or a lock, and the other call has to wait for this one.
    const LONG_ENOUGH: Duration = Duration::from_secs(1);

    let (begin, begun) = mpsc::channel::<()>();
    let (end, ended) = mpsc::channel::<()>();
    let other = thread::spawn(move || {
        // At the latest when nobody is left to say so: the call had nothing to read.
        let _ = begun.recv();
        other();
        drop(end);
    });
    let in_between = move || {
        drop(begin);
        let _ = ended.recv_timeout(LONG_ENOUGH);
    };
    meanwhile(in_between, call);
    if let Err(payload) = other.join() {
        resume_unwind(payload);
    }
}
