//! Law 5: two handles on one session, each with what it remembers. What one
//! remembers may be past; the store must end up as if nobody remembered
//! anything.

use super::granular::one_of_each;
use super::*;
use crate::DcFlags;
use crate::testing::sample::{self, bare_dc, user};

/// Two handles, of which the second last saw `seen`, while the store now holds
/// `now`.
fn stale(
    suite: &Suite,
    seen: &PersistedSession,
    now: &PersistedSession,
) -> (Place, Handle, Handle) {
    let place = Place::new();
    let (first, second) = (suite.make(&place), suite.make(&place));
    ok(second.save(seen), "save");
    holds(&*second, seen, "before the other handle");
    ok(first.save(now), "save through the other handle");
    (place, first, second)
}

pub(in crate::testing) fn law_5_a_handle_sees_what_another_wrote(suite: &Suite) {
    let place = Place::new();
    let (first, second) = (suite.make(&place), suite.make(&place));
    holds_nothing(&*second, "before anything");
    save_and_check(&*first, &sample::full(), "through the first handle");
    holds(&*second, &sample::full(), "seen by the second handle");
    let mut reference = Reference::holding(&sample::full());
    for call in one_of_each() {
        ok(call.make(&*first), &format!("{call:?}"));
        reference.call(&call);
        if let Err(difference) = compare(reference.stored(), second.load()) {
            panic!("the second handle, after {call:?} through the first: {difference}");
        }
    }
    ok(second.delete(), "delete through the second handle");
    holds_nothing(&*first, "seen by the first handle");
}

pub(in crate::testing) fn law_5_save_through_a_stale_handle(suite: &Suite) {
    let mut next = sample::full();
    next.updates_state.pts += 1;
    next.peers.push(user(4711, 5));
    let (_place, first, second) = stale(suite, &sample::full(), &sample::other());
    // A small change of what the second handle remembers, in a store where
    // everything else is different by now.
    ok(second.save(&next), "save through the stale handle");
    holds(&*first, &next, "after a save through a stale handle");

    // Changes of single records in between.
    for call in one_of_each() {
        ok(second.save(&sample::full()), "save");
        ok(call.make(&*first), &format!("{call:?}"));
        ok(second.save(&next), "save through the stale handle");
        holds(&*first, &next, &format!("after {call:?} and a save through a stale handle"));
    }
}

pub(in crate::testing) fn law_5_a_save_that_seems_to_change_nothing(suite: &Suite) {
    let (_place, first, second) = stale(suite, &sample::full(), &sample::other());
    // As far as the second handle knows, this is what is stored.
    ok(second.save(&sample::full()), "save through the stale handle");
    holds(&*first, &sample::full(), "after a save that seemed to change nothing");
    for call in one_of_each() {
        ok(call.make(&*first), &format!("{call:?}"));
        ok(second.save(&sample::full()), "save through the stale handle");
        let when = format!("after {call:?} and a save that seemed to change nothing");
        holds(&*first, &sample::full(), &when);
    }
}

pub(in crate::testing) fn law_5_granular_calls_through_a_stale_handle(suite: &Suite) {
    for call in one_of_each() {
        let (_place, first, second) = stale(suite, &sample::full(), &sample::other());
        let mut reference = Reference::holding(&sample::other());
        reference.call(&call);
        ok(call.make(&*second), &format!("{call:?}"));
        // Its own record, and no other.
        if let Err(difference) = compare(reference.stored(), first.load()) {
            panic!("after {call:?} through a stale handle: {difference}");
        }
    }
}

pub(in crate::testing) fn law_5_a_granular_call_that_seems_to_change_nothing(suite: &Suite) {
    let seen = sample::full();
    let state = &seen.updates_state;
    let calls = [
        Call::SetHomeDc(seen.home_dc_id),
        Call::UpdateDc(seen.dcs[1].clone()),
        Call::Update(UpdateStateChange::Primary {
            pts: state.pts,
            date: state.date,
            seq: state.seq,
        }),
        Call::Update(UpdateStateChange::Secondary { qts: state.qts }),
        Call::Update(channel_pts(state.channels[0].0, state.channels[0].1)),
        Call::Update(UpdateStateChange::All(state.clone())),
        Call::CachePeer(seen.peers[1].clone()),
        Call::CachePeer(seen.peers[4].clone()),
        Call::CachePeer(sample::chat(777_000)),
    ];
    for call in calls {
        let (_place, first, second) = stale(suite, &seen, &sample::other());
        let mut reference = Reference::holding(&sample::other());
        reference.call(&call);
        ok(call.make(&*second), &format!("{call:?}"));
        if let Err(difference) = compare(reference.stored(), first.load()) {
            panic!("after {call:?}, which seemed to change nothing: {difference}");
        }
    }
}

pub(in crate::testing) fn law_5_a_zero_hash_through_a_stale_handle(suite: &Suite) {
    let without = PersistedSession { peers: vec![user(1, 0)], ..sample::full() };
    let with = PersistedSession { peers: vec![user(1, 5), user(2, 6)], ..sample::full() };
    // The second handle knows no hash; the store has one by now.
    let (_place, first, second) = stale(suite, &without, &with);
    ok(second.cache_peer(&user(1, 0)), "cache_peer");
    ok(second.cache_peer(&user(2, 0)), "cache_peer");
    holds(&*first, &with, "after zero hashes through a stale handle");
    // The other way about: it remembers a hash that is stored no more.
    let (_place, first, second) = stale(suite, &with, &without);
    ok(second.cache_peer(&user(1, 0)), "cache_peer");
    holds(&*first, &without, "after a zero hash through a handle that remembers one");
}

pub(in crate::testing) fn law_5_delete_and_save_under_a_stale_handle(suite: &Suite) {
    let place = Place::new();
    let (first, second) = (suite.make(&place), suite.make(&place));
    for session in [sample::full(), PersistedSession::default()] {
        ok(second.save(&session), "save");
        ok(first.delete(), "delete through the other handle");
        holds_nothing(&*second, "after a delete through the other handle");

        ok(second.save(&session), "save");
        ok(first.delete(), "delete through the other handle");
        ok(second.save(&session), "save through the stale handle");
        holds(&*first, &session, "after a delete, and the same save through a stale handle");

        // Deleted and made anew: a version that counts would say it is the
        // same.
        ok(first.delete(), "delete through the other handle");
        ok(first.save(&sample::other()), "save through the other handle");
        ok(second.save(&session), "save through the stale handle");
        holds(&*first, &session, "after delete, another save, and one through a stale handle");

        ok(first.delete(), "delete through the other handle");
        ok(first.save(&sample::other()), "save through the other handle");
        ok(second.set_home_dc(9), "set_home_dc through the stale handle");
        let expected = PersistedSession { home_dc_id: 9, ..sample::other() };
        holds(&*first, &expected, "after delete, another save, and a call through a stale handle");
    }
}

pub(in crate::testing) fn law_5_delete_under_granular_calls_of_a_stale_handle(suite: &Suite) {
    for call in one_of_each() {
        let place = Place::new();
        let (first, second) = (suite.make(&place), suite.make(&place));
        ok(second.save(&sample::full()), "save");
        ok(call.make(&*second), &format!("{call:?}"));
        ok(first.delete(), "delete through the other handle");
        // The same call again: as far as the handle knows, a change of nothing.
        ok(call.make(&*second), &format!("{call:?}"));
        let mut reference = Reference::new();
        reference.call(&call);
        if let Err(difference) = compare(reference.stored(), first.load()) {
            panic!("after a delete and {call:?} through a stale handle: {difference}");
        }
    }
}

pub(in crate::testing) fn law_5_all_counters_through_a_stale_handle(suite: &Suite) {
    let (_place, first, second) = stale(suite, &sample::full(), &sample::full());
    // A channel that the second handle has never heard of is forgotten too.
    ok(first.apply_update_state(channel_pts(5555, 5)), "apply_update_state");
    let all = sample::other().updates_state;
    ok(second.apply_update_state(UpdateStateChange::All(all.clone())), "apply_update_state");
    let expected = PersistedSession { updates_state: all, ..sample::full() };
    holds(&*first, &expected, "after All through a stale handle");
}

pub(in crate::testing) fn law_5_handles_in_turn(suite: &Suite) {
    let place = Place::new();
    let handles = [suite.make(&place), suite.make(&place), suite.make(&place)];
    let mut reference = Reference::new();
    let mut calls = one_of_each();
    calls.push(Call::Save(Box::new(sample::full())));
    calls.extend((1..6).map(|id| Call::UpdateDc(bare_dc(id, DcFlags::NONE))));
    calls.push(Call::Save(Box::new(sample::other())));
    calls.extend(one_of_each());
    calls.push(Call::Delete);
    calls.extend(one_of_each());
    calls.push(Call::Save(Box::new(sample::full())));
    // Every call through the next handle, which has missed the last two.
    for (at, call) in calls.iter().chain(&calls).enumerate() {
        reference.call(call);
        ok(call.make(&*handles[at % 3]), &format!("{call:?}"));
        if at % 5 == 0 {
            let found = handles[(at + 1) % 3].load();
            if let Err(difference) = compare(reference.stored(), found) {
                panic!("call {at}, {call:?}: {difference}");
            }
        }
    }
    if let Err(difference) = compare(reference.stored(), suite.make(&place).load()) {
        panic!("after all calls: {difference}");
    }
}
