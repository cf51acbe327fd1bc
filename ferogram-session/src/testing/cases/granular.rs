//! Law 3: a granular call leaves the store as load, one change and save would.

use super::*;
use crate::testing::sample::{self, bare_dc, channel, community, dc, user};
use crate::{ChannelKind, DcFlags, UpdatesStateSnap};

/// Calls on the empty store, on a full one, and on one with other contents.
fn on_every_store(suite: &Suite, calls: &[Call]) {
    let place = Place::new();
    let backend = suite.make(&place);
    follow(&*backend, &mut Reference::new(), calls);
    for session in [PersistedSession::default(), sample::full(), sample::other()] {
        ok(backend.save(&session), "save");
        let mut reference = Reference::holding(&session);
        // Blindly first: a load in between would tell the backend what is
        // stored.
        for call in calls {
            reference.call(call);
            ok(call.make(&*backend), &format!("{call:?}"));
        }
        if let Err(difference) = compare(reference.stored(), backend.load()) {
            panic!("after {calls:?}: {difference}");
        }
        follow(&*backend, &mut reference, calls);
    }
}

pub(in crate::testing) fn law_3_update_dc(suite: &Suite) {
    let mut moved = dc(2, DcFlags::NONE);
    moved.addr = "198.51.100.1:80".into();
    moved.time_offset = 17;
    on_every_store(
        suite,
        &[
            Call::UpdateDc(dc(2, DcFlags::NONE)),
            Call::UpdateDc(moved),
            Call::UpdateDc(dc(3, DcFlags::MEDIA_ONLY)),
            // Exactly what is given: the key goes.
            Call::UpdateDc(bare_dc(2, DcFlags::NONE)),
            Call::UpdateDc(bare_dc(7, DcFlags::IPV6)),
        ],
    );
}

pub(in crate::testing) fn law_3_set_home_dc(suite: &Suite) {
    on_every_store(suite, &[2, 4, 4, 0, -7, 2].map(Call::SetHomeDc));
}

pub(in crate::testing) fn law_3_primary_counters(suite: &Suite) {
    on_every_store(suite, &[5, 500, 3, 0, -1, 7].map(|pts| Call::Update(primary(pts))));
    let partly = UpdateStateChange::Primary { pts: 0, date: 5, seq: 0 };
    on_every_store(suite, &[Call::Update(partly)]);
}

pub(in crate::testing) fn law_3_secondary_counter(suite: &Suite) {
    let secondary = |qts| Call::Update(UpdateStateChange::Secondary { qts });
    on_every_store(suite, &[5, 500, 3, 0, -1, 7].map(secondary));
}

pub(in crate::testing) fn law_3_channel_counters(suite: &Suite) {
    let changes = [(1, 5), (2, 6), (1, 4), (1, 0), (3, 0), (-3, -1), (777_000, 1)];
    on_every_store(suite, &changes.map(|(id, pts)| Call::Update(channel_pts(id, pts))));
}

pub(in crate::testing) fn law_3_all_counters_forget_other_channels(suite: &Suite) {
    let all = |pts, channels: &[(i64, i32)]| {
        let state = UpdatesStateSnap { pts, qts: 2, date: 3, seq: 4, channels: channels.to_vec() };
        Call::Update(UpdateStateChange::All(state))
    };
    on_every_store(
        suite,
        &[
            Call::Update(channel_pts(9, 9)),
            all(1, &[(1, 5), (2, 6)]),
            all(1, &[(2, 6), (3, 7)]),
            all(1, &[(3, 1), (3, 2)]),
            all(8, &[]),
            Call::Update(channel_pts(9, 9)),
            Call::Update(UpdateStateChange::All(UpdatesStateSnap::default())),
        ],
    );
}

pub(in crate::testing) fn law_3_cache_peer(suite: &Suite) {
    on_every_store(
        suite,
        &[
            Call::CachePeer(user(1, 5)),
            Call::CachePeer(user(1, 6)),
            Call::CachePeer(channel(1, 7, None)),
            Call::CachePeer(channel(1, 7, Some(ChannelKind::Megagroup))),
            Call::CachePeer(channel(1, 7, Some(ChannelKind::Gigagroup))),
            Call::CachePeer(community(1, -1)),
            Call::CachePeer(sample::chat(1)),
        ],
    );
}

pub(in crate::testing) fn law_3_a_zero_hash_keeps_the_stored_one(suite: &Suite) {
    on_every_store(
        suite,
        &[
            Call::CachePeer(user(1, 0)),
            Call::CachePeer(user(1, 5)),
            // The hash stays, the rest is the new one's.
            Call::CachePeer(user(1, 0)),
            Call::CachePeer(channel(1, 0, None)),
            Call::CachePeer(channel(1, 6, None)),
            Call::CachePeer(channel(1, 0, Some(ChannelKind::Megagroup))),
            Call::CachePeer(user(777_000, 0)),
            Call::CachePeer(community(777_000, 0)),
        ],
    );
}

/// One of each granular call.
pub(super) fn one_of_each() -> Vec<Call> {
    let all = UpdatesStateSnap { pts: 1, qts: 2, date: 3, seq: 4, channels: vec![(1, 2)] };
    vec![
        Call::UpdateDc(dc(11, DcFlags::IPV6)),
        Call::SetHomeDc(11),
        Call::Update(primary(11)),
        Call::Update(UpdateStateChange::Secondary { qts: 11 }),
        Call::Update(channel_pts(1111, 11)),
        Call::Update(UpdateStateChange::All(all)),
        Call::CachePeer(user(1111, 11)),
        Call::CachePeer(user(1112, 0)),
    ]
}

pub(in crate::testing) fn law_3_the_first_call_makes_a_session(suite: &Suite) {
    // Those that change nothing in a default session make one all the same.
    let nothing = [
        Call::SetHomeDc(0),
        Call::Update(UpdateStateChange::Primary { pts: 0, date: 0, seq: 0 }),
        Call::Update(UpdateStateChange::Secondary { qts: 0 }),
        Call::Update(UpdateStateChange::All(UpdatesStateSnap::default())),
    ];
    for call in one_of_each().into_iter().chain(nothing) {
        let place = Place::new();
        let backend = suite.make(&place);
        follow(&*backend, &mut Reference::new(), &[call]);
    }
}

pub(in crate::testing) fn law_3_calls_that_change_nothing(suite: &Suite) {
    let place = Place::new();
    let session = sample::full();
    let backend = saved(suite, &place, &session);
    let state = &session.updates_state;
    let mut calls = vec![
        Call::SetHomeDc(session.home_dc_id),
        Call::Update(UpdateStateChange::Primary {
            pts: state.pts,
            date: state.date,
            seq: state.seq,
        }),
        Call::Update(UpdateStateChange::Secondary { qts: state.qts }),
        Call::Update(UpdateStateChange::All(state.clone())),
    ];
    calls.extend(session.dcs.iter().cloned().map(Call::UpdateDc));
    calls.extend(state.channels.iter().map(|&(id, pts)| Call::Update(channel_pts(id, pts))));
    calls.extend(session.peers.iter().cloned().map(Call::CachePeer));
    follow(&*backend, &mut Reference::holding(&session), &calls);
    holds(&*backend, &session, "after calls that change nothing");
}

pub(in crate::testing) fn law_3_calls_on_a_large_session(suite: &Suite) {
    let place = Place::new();
    let session = sample::with_peers(20_000);
    let backend = saved(suite, &place, &session);
    let mut reference = Reference::holding(&session);
    let mut calls = one_of_each();
    calls.extend([0, 3, 19_999].map(|id| Call::CachePeer(user(id, 1))));
    calls.push(Call::CachePeer(channel(4, 0, None)));
    for call in &calls {
        reference.call(call);
        ok(call.make(&*backend), &format!("{call:?}"));
    }
    let expected = reference.stored().cloned().unwrap_or_default();
    holds(&*backend, &expected, "after granular calls on 20,000 peers");
}

pub(in crate::testing) fn law_3_calls_after_delete(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    // Nothing of the deleted session is in the new one.
    for call in one_of_each() {
        ok(backend.save(&sample::full()), "save");
        ok(backend.delete(), "delete");
        follow(&*backend, &mut Reference::new(), &[call]);
    }
}

pub(in crate::testing) fn law_3_calls_are_there_when_made_again(suite: &Suite) {
    let place = Place::new();
    let mut reference = Reference::new();
    for call in one_of_each() {
        ok(call.make(&*suite.make(&place)), &format!("{call:?}"));
        reference.call(&call);
        if let Err(difference) = compare(reference.stored(), suite.make(&place).load()) {
            panic!("made again after {call:?}: {difference}");
        }
    }
}
