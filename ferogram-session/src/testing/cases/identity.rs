//! Law 1: a session is a set of records, at most one of each identity.

use super::*;
use crate::testing::sample::{self, bare_dc, channel, chat, community, dc, user};
use crate::{CachedPeer, ChannelKind, DcFlags};

/// The bits that say which address of a datacentre it is.
const CLASSES: [u8; 8] = [0, 1, 2, 3, 8, 9, 10, 11];

pub(in crate::testing) fn law_1_one_address_of_each_class(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    let dcs = CLASSES.map(|class| dc(2, DcFlags(class)));
    let session = PersistedSession { dcs: dcs.to_vec(), ..sample::full() };
    save_and_check(&*backend, &session, "after a save with eight addresses of one DC");

    ok(backend.delete(), "delete");
    let mut reference = Reference::new();
    follow(&*backend, &mut reference, &dcs.map(Call::UpdateDc));
}

pub(in crate::testing) fn law_1_attributes_are_not_identity(suite: &Suite) {
    let place = Place::new();
    let session = sample::full();
    let backend = saved(suite, &place, &session);
    let mut reference = Reference::holding(&session);
    // TCPO_ONLY and STATIC come and go, and so do bits that nobody knows yet:
    // it is the same address.
    for class in [DcFlags::NONE, DcFlags::IPV6, DcFlags::MEDIA_ONLY | DcFlags::CDN] {
        let attributes = [0, 4, 16, 20, 0, 32, 64, 128, 0xF4, 16];
        let calls = attributes.map(|bits| Call::UpdateDc(dc(2, class | DcFlags(bits))));
        follow(&*backend, &mut reference, &calls);
    }
    // The same through `save`.
    let mut session = session;
    session.dcs = vec![dc(2, DcFlags::STATIC)];
    save_and_check(&*backend, &session, "after a save with STATIC");
    session.dcs = vec![dc(2, DcFlags::NONE)];
    save_and_check(&*backend, &session, "after a save without STATIC");
}

pub(in crate::testing) fn law_1_every_combination_of_flags(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    let dcs =
        |numbers: fn(u8) -> i32| (0..=u8::MAX).map(move |bits| dc(numbers(bits), DcFlags(bits)));
    // Of each number one flag pattern, exactly as it is.
    let session = PersistedSession { dcs: dcs(|bits| bits.into()).collect(), ..sample::full() };
    save_and_check(&*backend, &session, "after a save with every pattern of flags");
    // All patterns of one number: eight identities.
    let session = PersistedSession { dcs: dcs(|_| 1).collect(), ..sample::full() };
    save_and_check(&*backend, &session, "after a save with every pattern of flags for one DC");

    let calls: Vec<_> =
        (0..=u8::MAX).step_by(3).map(|bits| Call::UpdateDc(bare_dc(3, DcFlags(bits)))).collect();
    follow(&*backend, &mut Reference::holding(&session), &calls);
}

pub(in crate::testing) fn law_1_one_number_may_be_four_peers(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    let four = [
        user(777_000, 1),
        chat(777_000),
        channel(777_000, 2, Some(ChannelKind::Megagroup)),
        community(777_000, 3),
    ];
    let session = PersistedSession { peers: four.to_vec(), ..PersistedSession::default() };
    save_and_check(&*backend, &session, "after a save with four peers of one number");

    ok(backend.delete(), "delete");
    let mut reference = Reference::new();
    follow(&*backend, &mut reference, &four.map(Call::CachePeer));
    let again = [user(777_000, 9), channel(777_000, 8, None), community(777_000, 7)];
    follow(&*backend, &mut reference, &again.map(Call::CachePeer));
}

pub(in crate::testing) fn law_1_the_kind_is_the_first_that_applies(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    // Of community, chat, channel and user: eight combinations, four kinds.
    let peer = |bits: u8| CachedPeer {
        is_channel: bits & 1 != 0,
        is_chat: bits & 2 != 0,
        is_community: bits & 4 != 0,
        ..user(5, 100 + i64::from(bits))
    };
    let calls: Vec<_> = (0..8).map(|bits| Call::CachePeer(peer(bits))).collect();
    let mut reference = Reference::new();
    follow(&*backend, &mut reference, &calls);
    let kinds = reference.stored().map_or(0, |session| session.peers.len());
    assert_eq!(kinds, 4, "the reference itself");

    let session = PersistedSession { peers: (0..8).map(peer).collect(), ..sample::full() };
    save_and_check(&*backend, &session, "after a save with every combination of kinds");
}

pub(in crate::testing) fn law_1_records_of_different_sorts_share_a_number(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    let mut session = PersistedSession {
        home_dc_id: 2,
        dcs: vec![dc(2, DcFlags::NONE)],
        peers: vec![user(2, 5), channel(2, 6, None)],
        min_peers: vec![sample::min_peer(2)],
        ..PersistedSession::default()
    };
    session.updates_state.channels = vec![(2, 2)];
    save_and_check(&*backend, &session, "after a save where everything has the number 2");
    session.peers.clear();
    save_and_check(&*backend, &session, "after a save without the peers of the number 2");
    session.min_peers.clear();
    save_and_check(&*backend, &session, "after a save without the min-peer of the number 2");
    session.updates_state.channels.clear();
    save_and_check(&*backend, &session, "after a save without the channel of the number 2");
}
