//! Law 6: what a call that returned has stored does not wait for anything: not
//! for a drop, not for a timer.

use super::*;
use crate::DcFlags;
use crate::testing::sample::{self, dc, user};

/// Makes the calls through a handle that is then never dropped, as when the
/// process ends in between.
fn without_drop(suite: &Suite, start: &PersistedSession, calls: &[Call]) {
    let place = Place::new();
    let mut reference = Reference::holding(start);
    drop(saved(suite, &place, start));
    let backend = suite.make(&place);
    for call in calls {
        reference.call(call);
        ok(call.make(&*backend), &format!("{call:?}"));
        if let Err(difference) = compare(reference.stored(), suite.make(&place).load()) {
            panic!("made again right after {call:?}: {difference}");
        }
    }
    std::mem::forget(backend);
    if let Err(difference) = compare(reference.stored(), suite.make(&place).load()) {
        panic!("after a handle that was never dropped: {difference}");
    }
}

pub(in crate::testing) fn law_6_a_login_survives_without_drop(suite: &Suite) {
    let token = PersistedSession { future_auth_token: Some(vec![1; 32]), ..sample::other() };
    let calls = [
        Call::UpdateDc(dc(5, DcFlags::NONE)),
        Call::SetHomeDc(5),
        Call::UpdateDc(dc(5, DcFlags::MEDIA_ONLY)),
        Call::Save(Box::new(token)),
    ];
    without_drop(suite, &sample::full(), &calls);
}

pub(in crate::testing) fn law_6_a_delete_survives_without_drop(suite: &Suite) {
    without_drop(suite, &sample::full(), &[Call::Delete]);
    without_drop(suite, &sample::full(), &[Call::Delete, Call::SetHomeDc(3)]);
}

pub(in crate::testing) fn law_6_counters_and_peers_survive_without_drop(suite: &Suite) {
    let counters = (1..30).map(|pts| Call::Update(primary(pts)));
    let peers = (1..30).map(|id| Call::CachePeer(user(id, id % 3)));
    let channels = (1..30).map(|id| Call::Update(channel_pts(id, 1)));
    without_drop(
        suite,
        &sample::full(),
        &counters.chain(peers).chain(channels).collect::<Vec<_>>(),
    );
}
