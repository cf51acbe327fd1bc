//! Law 2: in which order DCs come, and what becomes of two records of one
//! identity.

use super::*;
use crate::DcFlags;
use crate::testing::sample::{self, bare_dc, channel, chat, dc, user};

pub(in crate::testing) fn law_2_dcs_come_in_order(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    // `holds` looks at the order: by number, then by class bits.
    let mut dcs = vec![
        dc(203, DcFlags::CDN),
        dc(5, DcFlags::MEDIA_ONLY),
        dc(2, DcFlags::IPV6 | DcFlags::MEDIA_ONLY),
        dc(-1, DcFlags::NONE),
        dc(5, DcFlags::NONE),
        dc(2, DcFlags::STATIC),
        dc(2, DcFlags::IPV6),
        dc(1, DcFlags::CDN),
        dc(10, DcFlags::NONE),
    ];
    for _ in 0..3 {
        let session = PersistedSession { dcs: dcs.clone(), ..sample::full() };
        save_and_check(&*backend, &session, "after a save of unsorted DCs");
        dcs.rotate_left(4);
    }
    ok(backend.delete(), "delete");
    let calls: Vec<_> = dcs.into_iter().map(Call::UpdateDc).collect();
    follow(&*backend, &mut Reference::new(), &calls);
}

pub(in crate::testing) fn law_2_a_media_dc_stands_behind_the_main_one(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    // The client takes the first entry of its home DC to log in with.
    let main = dc(2, DcFlags::STATIC);
    let rest = [
        bare_dc(2, DcFlags::MEDIA_ONLY),
        bare_dc(2, DcFlags::IPV6),
        bare_dc(2, DcFlags::MEDIA_ONLY | DcFlags::STATIC | DcFlags::CDN),
    ];
    let dcs = rest.iter().cloned().chain([main.clone()]).collect();
    let first = |when: &str| {
        let loaded = ok(backend.load(), "load").unwrap_or_default();
        let found = loaded.dcs.iter().find(|dc| dc.dc_id == 2);
        assert!(found == Some(&main), "{when}, the first entry of DC 2 is not the main one");
    };
    ok(backend.save(&PersistedSession { home_dc_id: 2, dcs, ..Default::default() }), "save");
    first("after a save");

    ok(backend.delete(), "delete");
    for entry in rest.iter().chain([&main]) {
        ok(backend.update_dc(entry), "update_dc");
    }
    first("after granular calls");
}

pub(in crate::testing) fn law_2_of_two_addresses_the_keyed_one_wins(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    let named = |name: &str, keyed: bool, flags: u8| {
        let mut entry = if keyed { dc(2, DcFlags(flags)) } else { bare_dc(2, DcFlags(flags)) };
        entry.addr = name.into();
        entry
    };
    let lists = [
        // Else the first.
        (vec![named("a", false, 0), named("b", true, 16)], "b"),
        (vec![named("a", true, 16), named("b", false, 0)], "a"),
        (vec![named("a", true, 0), named("b", true, 4)], "a"),
        (vec![named("a", false, 4), named("b", false, 0)], "a"),
        (vec![named("a", false, 0), named("b", true, 0), named("c", true, 0)], "b"),
    ];
    for (dcs, winner) in lists {
        let session = PersistedSession { dcs, ..sample::full() };
        save_and_check(&*backend, &session, &format!("after a save where {winner} must win"));
        let loaded = ok(backend.load(), "load").unwrap_or_default();
        let addresses: Vec<_> = loaded.dcs.iter().map(|dc| dc.addr.as_str()).collect();
        assert_eq!(addresses, [winner]);
    }
}

pub(in crate::testing) fn law_2_of_two_peers_the_one_with_a_hash_wins(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    // Whether both are kept does not matter; what they come to does.
    let lists = [
        vec![user(1, 5), user(1, 0)],
        vec![user(1, 0), user(1, 5)],
        vec![user(1, 5), user(1, 6)],
        vec![user(1, 5), user(1, 6), user(1, 0)],
        vec![channel(1, 0, None), channel(1, 0, Some(crate::ChannelKind::Megagroup))],
        vec![user(1, 5), chat(1), channel(1, 7, None), user(1, 0), channel(1, 0, None)],
    ];
    for peers in lists {
        let session = PersistedSession { peers, ..sample::full() };
        save_and_check(&*backend, &session, "after a save with a peer that stands there twice");
    }
}

pub(in crate::testing) fn law_2_of_two_channels_the_last_wins(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    let mut session = sample::full();
    session.updates_state.channels = vec![(1, 5), (2, 9), (1, 3), (2, 0)];
    session.min_peers =
        [1, 2, 3].map(|msg_id| crate::CachedMinPeer { user_id: 7, peer_id: 8, msg_id }).to_vec();
    save_and_check(&*backend, &session, "after a save with channels that stand there twice");
}

pub(in crate::testing) fn law_2_duplicates_under_granular_calls(suite: &Suite) {
    let place = Place::new();
    let mut session = sample::full();
    session.peers = vec![user(1, 5), user(2, 0), user(1, 6), user(2, 7)];
    session.updates_state.channels = vec![(1, 5), (1, 6)];
    session.dcs = vec![bare_dc(2, DcFlags::NONE), dc(2, DcFlags::STATIC), dc(2, DcFlags::NONE)];
    let backend = saved(suite, &place, &session);
    let calls = [
        Call::CachePeer(user(1, 0)),
        Call::CachePeer(user(2, 0)),
        Call::CachePeer(user(1, 9)),
        Call::Update(channel_pts(1, 2)),
        Call::UpdateDc(bare_dc(2, DcFlags::NONE)),
    ];
    follow(&*backend, &mut Reference::holding(&session), &calls);
}

pub(in crate::testing) fn law_2_the_order_of_lists_means_nothing(suite: &Suite) {
    let place = Place::new();
    let mut session = sample::with_peers(500);
    let backend = saved(suite, &place, &session);
    // The client writes its maps out in another order in every process.
    session.peers.reverse();
    session.min_peers.reverse();
    session.updates_state.channels.reverse();
    session.dcs.reverse();
    save_and_check(&*backend, &session, "after a save in another order");
    session.peers.rotate_left(77);
    session.peers[3].access_hash = 12;
    save_and_check(&*backend, &session, "after a save in a third order, with a change");
}
