//! Law 2: as many records as there are. 65,535 and 255 are where counters of
//! 16 and 8 bits wrap.

use super::*;
use crate::DcFlags;
use crate::testing::sample;

const MANY: i64 = 70_000;

fn many_channels() -> PersistedSession {
    let mut session = sample::full();
    session.updates_state.channels = (0..MANY).map(|id| (id * 3, id as i32)).collect();
    session
}

fn many_min_peers() -> PersistedSession {
    PersistedSession { min_peers: (0..MANY).map(sample::min_peer).collect(), ..sample::full() }
}

fn many_dcs(count: i32) -> PersistedSession {
    let mut session = sample::full();
    session.dcs = (1..=count).map(|id| sample::dc(id, DcFlags::NONE)).collect();
    session
}

fn round_trip(suite: &Suite, session: &PersistedSession) {
    let place = Place::new();
    let backend = suite.make(&place);
    save_and_check(&*backend, session, "after the save");
}

pub(in crate::testing) fn law_2_round_trip_of_70_000_peers(suite: &Suite) {
    round_trip(suite, &sample::with_peers(MANY));
}

pub(in crate::testing) fn law_2_round_trip_of_70_000_channels(suite: &Suite) {
    round_trip(suite, &many_channels());
}

pub(in crate::testing) fn law_2_round_trip_of_70_000_min_peers(suite: &Suite) {
    round_trip(suite, &many_min_peers());
}

pub(in crate::testing) fn law_2_round_trip_of_300_dcs(suite: &Suite) {
    for count in [255, 256, 300] {
        round_trip(suite, &many_dcs(count));
    }
}

pub(in crate::testing) fn law_2_many_of_everything_made_again(suite: &Suite) {
    let place = Place::new();
    let mut session = sample::with_peers(66_000);
    session.dcs = many_dcs(300).dcs;
    session.updates_state.channels = (0..1_000).map(|id| (id, 1)).collect();
    session.min_peers = (0..1_000).map(sample::min_peer).collect();
    drop(saved(suite, &place, &session));

    let backend = suite.make(&place);
    holds(&*backend, &session, "made again");
    // One of everything goes, one comes: the rest stays.
    let mut reference = Reference::holding(&session);
    session.peers.swap_remove(65_535);
    session.peers.push(sample::user(-1, -1));
    session.updates_state.channels.swap_remove(500);
    session.updates_state.channels.push((-1, -1));
    session.dcs.swap_remove(255);
    follow(&*backend, &mut reference, &[Call::Save(Box::new(session))]);
    drop(backend);
    let expected = reference.stored().cloned().unwrap_or_default();
    holds(&*suite.make(&place), &expected, "made again after a small change");
}

pub(in crate::testing) fn law_2_fewer_than_before(suite: &Suite) {
    let place = Place::new();
    let backend = saved(suite, &place, &sample::with_peers(3_000));
    // Through one that has nothing in common, and through a part of it.
    save_and_check(&*backend, &sample::other(), "after a save with few");
    ok(backend.save(&sample::with_peers(3_000)), "save");
    save_and_check(&*backend, &sample::with_peers(1_500), "after a save with half of them");
    save_and_check(&*backend, &sample::with_peers(1), "after a save with one");
}
