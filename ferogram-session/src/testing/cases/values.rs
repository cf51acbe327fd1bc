//! Law 2: every value comes back as it was; nothing is clamped or tidied.

use super::*;
use crate::testing::sample::{self, user};
use crate::{CachedMinPeer, CachedPeer, ChannelKind, DcEntry, DcFlags};

fn with_address(addr: String) -> PersistedSession {
    let mut session = sample::full();
    session.dcs[1].addr = addr;
    session
}

pub(in crate::testing) fn law_2_long_addresses(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    // A length of one byte holds 255; of two bytes, 65,535.
    for len in [255, 256, 300, 70_000] {
        let session = with_address("a".repeat(len));
        save_and_check(&*backend, &session, &format!("after a save with an address of {len}"));
        let dc = DcEntry { addr: "b".repeat(len), ..sample::dc(2, DcFlags::IPV6) };
        follow(&*backend, &mut Reference::holding(&session), &[Call::UpdateDc(dc)]);
    }
}

pub(in crate::testing) fn law_2_addresses_of_any_text(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    let texts = [
        "",
        " ",
        "\u{e9}\u{4e16}\u{1f980}.example:443",
        "'; DROP TABLE dcs; --",
        "\"{}\\%s",
        "a\nb",
        "[::1]:443",
    ];
    for text in texts {
        save_and_check(
            &*backend,
            &with_address(text.into()),
            &format!("with the address {text:?}"),
        );
    }
}

fn with_token(token: Option<Vec<u8>>) -> PersistedSession {
    PersistedSession { future_auth_token: token, ..sample::full() }
}

pub(in crate::testing) fn law_2_a_token_of_70_000_bytes(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    for len in [255, 256, 65_535, 65_536, 70_000] {
        let session = with_token(Some(sample::bytes(7, len)));
        save_and_check(&*backend, &session, &format!("with a token of {len} bytes"));
    }
}

pub(in crate::testing) fn law_2_an_empty_token_is_a_token(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    save_and_check(&*backend, &with_token(Some(vec![])), "with an empty token");
    save_and_check(&*backend, &with_token(None), "with no token");
    save_and_check(&*backend, &with_token(Some(vec![])), "with an empty token again");
    save_and_check(&*backend, &with_token(Some(vec![0])), "with a token of one zero");
}

pub(in crate::testing) fn law_2_a_token_can_go(suite: &Suite) {
    let place = Place::new();
    let backend = saved(suite, &place, &with_token(Some(sample::bytes(8, 64))));
    save_and_check(&*backend, &with_token(None), "after the token was taken away");
    save_and_check(&*backend, &with_token(Some(sample::bytes(9, 8))), "after another came");
}

pub(in crate::testing) fn law_2_extreme_numbers(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    let small = [i32::MIN, i32::MIN + 1, -1, 0, 1, i32::MAX - 1, i32::MAX];
    let large = [i64::MIN, i64::MIN + 1, i32::MIN as i64 - 1, -1, 0, 1, 1 << 53, i64::MAX];
    let dc = |id: i32| DcEntry {
        first_salt: i64::from(id).wrapping_mul(i64::MAX),
        time_offset: id.wrapping_neg(),
        ..sample::bare_dc(id, DcFlags::NONE)
    };
    for (at, number) in small.into_iter().enumerate() {
        let mut session = PersistedSession {
            home_dc_id: number,
            dcs: small.map(dc).to_vec(),
            peers: large.map(|id| user(id, large[at])).to_vec(),
            min_peers: large
                .map(|id| CachedMinPeer { user_id: id, peer_id: id.wrapping_neg(), msg_id: number })
                .to_vec(),
            ..PersistedSession::default()
        };
        let state = &mut session.updates_state;
        (state.pts, state.qts, state.date, state.seq) =
            (number, small[6 - at], number.wrapping_add(1), number.wrapping_neg());
        state.channels = large.map(|id| (id, number)).to_vec();
        save_and_check(&*backend, &session, &format!("with the number {number}"));
    }

    let mut reference = Reference::holding(&backend.load().ok().flatten().unwrap_or_default());
    for number in small {
        let all = UpdateStateChange::Primary { pts: number, date: number, seq: number };
        let calls = [
            Call::SetHomeDc(number),
            Call::UpdateDc(dc(number)),
            Call::Update(all),
            Call::Update(UpdateStateChange::Secondary { qts: number }),
        ];
        follow(&*backend, &mut reference, &calls);
    }
    for id in large {
        let calls =
            [Call::Update(channel_pts(id, -5)), Call::CachePeer(user(id, id.wrapping_neg()))];
        follow(&*backend, &mut reference, &calls);
    }
}

pub(in crate::testing) fn law_2_every_combination_of_peer_flags(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    let kinds = [
        None,
        Some(ChannelKind::Broadcast),
        Some(ChannelKind::Megagroup),
        Some(ChannelKind::Gigagroup),
    ];
    let peers: Vec<_> = (0..32)
        .map(|bits| CachedPeer {
            is_channel: bits & 1 != 0,
            is_chat: bits & 2 != 0,
            is_community: bits & 4 != 0,
            channel_kind: kinds[bits >> 3],
            ..user(bits as i64, 1 + bits as i64)
        })
        .collect();
    let session = PersistedSession { peers: peers.clone(), ..sample::full() };
    save_and_check(&*backend, &session, "with every combination of flags");

    ok(backend.delete(), "delete");
    let calls: Vec<_> = peers.into_iter().map(Call::CachePeer).collect();
    follow(&*backend, &mut Reference::new(), &calls);
}

pub(in crate::testing) fn law_2_keys_of_one_byte_value(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    // A key of zeros is a key, and not the absence of one.
    for byte in [0, 0xFF, b'"', b'\n'] {
        let mut session = sample::full();
        session.dcs[0].auth_key = Some([byte; 256]);
        save_and_check(&*backend, &session, &format!("with a key of bytes {byte:#04x}"));
        session.dcs[0].auth_key = None;
        save_and_check(&*backend, &session, "without that key");
    }
}

pub(in crate::testing) fn law_2_counters_may_go_back(suite: &Suite) {
    let place = Place::new();
    let mut session = sample::full();
    let backend = saved(suite, &place, &session);
    let state = &mut session.updates_state;
    (state.pts, state.qts, state.date, state.seq) = (5, 4, 3, 2);
    state.channels.iter_mut().for_each(|channel| channel.1 = 1);
    save_and_check(&*backend, &session, "after the counters went back");
    session.updates_state = crate::UpdatesStateSnap::default();
    save_and_check(&*backend, &session, "after the counters went back to 0");
}

pub(in crate::testing) fn law_2_an_access_hash_may_go(suite: &Suite) {
    let place = Place::new();
    let mut session = sample::full();
    let backend = saved(suite, &place, &session);
    // Only `cache_peer` keeps a hash: what is saved is what is stored.
    session.peers.iter_mut().for_each(|peer| peer.access_hash = 0);
    save_and_check(&*backend, &session, "after a save without access hashes");
}
