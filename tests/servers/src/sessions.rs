//! Sessions to store.

use ferogram_session::{
    CachedMinPeer, CachedPeer, ChannelKind, DcEntry, DcFlags, PersistedSession, UpdatesStateSnap,
};

/// A datacentre with a key of its own.
#[must_use]
pub fn dc(id: i32, flags: DcFlags, key: Option<u8>) -> DcEntry {
    let ip = if flags.contains(DcFlags::IPV6) { "::1" } else { "127.0.0.1" };
    let mut dc = DcEntry::from_parts(id, ip, 443, flags);
    dc.auth_key = key.map(|seed| std::array::from_fn(|at| (at as u8).wrapping_mul(7) ^ seed));
    dc.first_salt = key.map_or(0, i64::from) << 32;
    dc
}

/// A user.
#[must_use]
pub fn user(id: i64, access_hash: i64) -> CachedPeer {
    CachedPeer {
        id,
        access_hash,
        is_channel: false,
        is_chat: false,
        channel_kind: None,
        is_community: false,
    }
}

/// A session with something of everything, and `peers` users.
#[must_use]
pub fn full(peers: i64) -> PersistedSession {
    let channel =
        CachedPeer { is_channel: true, channel_kind: Some(ChannelKind::Megagroup), ..user(7, 70) };
    let community = CachedPeer { is_channel: true, is_community: true, ..user(7, 71) };
    let chat = CachedPeer { is_chat: true, ..user(7, 0) };
    PersistedSession {
        home_dc_id: 2,
        dcs: vec![
            dc(1, DcFlags::NONE, None),
            dc(2, DcFlags::STATIC, Some(2)),
            dc(2, DcFlags::IPV6, Some(3)),
            dc(2, DcFlags::MEDIA_ONLY, None),
            dc(203, DcFlags::CDN, Some(4)),
        ],
        updates_state: UpdatesStateSnap {
            pts: 1_000,
            qts: 20,
            date: 1_700_000_000,
            seq: 5,
            channels: vec![(7, 300), (8, 400)],
        },
        peers: [channel, community, chat]
            .into_iter()
            .chain((7..7 + peers).map(|id| user(id, id * 31)))
            .collect(),
        min_peers: vec![CachedMinPeer { user_id: 900, peer_id: 7, msg_id: 12 }],
        future_auth_token: Some(b"a future auth token".to_vec()),
    }
}

/// What version 8 has no room for, a little of each.
#[must_use]
pub fn beyond_version_8() -> PersistedSession {
    let mut session = full(3);
    session.dcs[0].addr = "a".repeat(300);
    session.peers.push(CachedPeer { is_channel: true, is_chat: true, ..user(55, 5) });
    session.future_auth_token = Some(vec![9; 70_000]);
    session
}

/// What version 8 has no room for, of each sort, in a session that uses every
/// byte of version 8 that says nothing in others: a token, a key for each
/// datacentre, a kind for each peer.
#[must_use]
pub fn beyond_a_full_version_8() -> [PersistedSession; 4] {
    let channel = |id| CachedPeer {
        is_channel: true,
        channel_kind: Some(ChannelKind::Broadcast),
        ..user(id, id)
    };
    let one = PersistedSession {
        home_dc_id: 2,
        dcs: vec![dc(2, DcFlags::NONE, Some(2))],
        peers: vec![channel(7)],
        future_auth_token: Some(b"a future auth token".to_vec()),
        ..PersistedSession::default()
    };
    let mut dcs = one.clone();
    dcs.dcs.extend((3..302).map(|id| dc(id, DcFlags::NONE, Some(id as u8))));
    let mut address = one.clone();
    address.dcs[0].addr = "a".repeat(300);
    address.peers.clear();
    let mut channels = one.clone();
    channels.updates_state.channels = (0..65_540).map(|id| (id, 1)).collect();
    let mut odd = one;
    odd.peers[0].is_chat = true;
    [dcs, address, channels, odd]
}

/// The normal form of a session.
#[must_use]
pub fn normal(mut session: PersistedSession) -> PersistedSession {
    session.normalize();
    session
}
