//! Sessions to save: made up, and the same in every run.

use crate::{
    CachedMinPeer, CachedPeer, ChannelKind, DcEntry, DcFlags, PersistedSession, UpdatesStateSnap,
};

/// 64 bits that look random, and are always the same for the same `seed`
/// ([SplitMix64](https://prng.di.unimi.it/splitmix64.c)).
#[must_use]
pub fn bits(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Bytes that look random, and are always the same for the same `seed`.
#[must_use]
pub fn bytes(seed: u64, len: usize) -> Vec<u8> {
    (0..len as u64).map(|at| bits(seed.wrapping_mul(0x1_0001).wrapping_add(at)) as u8).collect()
}

/// An auth key.
#[must_use]
pub fn auth_key(seed: u64) -> [u8; 256] {
    let mut key = [0; 256];
    key.copy_from_slice(&bytes(seed, 256));
    key
}

/// An address of a datacentre, with a key that belongs to it.
#[must_use]
pub fn dc(dc_id: i32, flags: DcFlags) -> DcEntry {
    let seed = u64::from(dc_id.unsigned_abs()) << 8 | u64::from(flags.0);
    DcEntry {
        auth_key: Some(auth_key(seed)),
        first_salt: bits(seed) as i64,
        ..bare_dc(dc_id, flags)
    }
}

/// An address of a datacentre without a key.
#[must_use]
pub fn bare_dc(dc_id: i32, flags: DcFlags) -> DcEntry {
    let ip = if flags.contains(DcFlags::IPV6) { "2001:db8::1" } else { "192.0.2.1" };
    DcEntry { time_offset: -dc_id.clamp(-9, 9), ..DcEntry::from_parts(dc_id, ip, 443, flags) }
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

/// A basic group, which never has an access hash.
#[must_use]
pub fn chat(id: i64) -> CachedPeer {
    CachedPeer { is_chat: true, ..user(id, 0) }
}

/// A channel.
#[must_use]
pub fn channel(id: i64, access_hash: i64, kind: Option<ChannelKind>) -> CachedPeer {
    CachedPeer { is_channel: true, channel_kind: kind, ..user(id, access_hash) }
}

/// A community.
#[must_use]
pub fn community(id: i64, access_hash: i64) -> CachedPeer {
    CachedPeer { is_community: true, ..user(id, access_hash) }
}

/// A user seen in passing.
#[must_use]
pub fn min_peer(user_id: i64) -> CachedMinPeer {
    CachedMinPeer { user_id, peer_id: user_id ^ 0x55, msg_id: bits(user_id as u64) as i32 }
}

/// A session with some of everything: what a client has after a day.
#[must_use]
pub fn full() -> PersistedSession {
    let kinds = [
        None,
        Some(ChannelKind::Broadcast),
        Some(ChannelKind::Megagroup),
        Some(ChannelKind::Gigagroup),
    ];
    let channels = kinds.into_iter().zip(1..).map(|(kind, id)| channel(id, -id, kind));
    // One number, and a peer of each kind that has it.
    let telegram =
        [user(777_000, 1), chat(777_000), channel(777_000, 2, None), community(777_000, 3)];
    PersistedSession {
        home_dc_id: 2,
        dcs: vec![
            dc(1, DcFlags::NONE),
            dc(2, DcFlags::NONE),
            dc(2, DcFlags::IPV6),
            dc(2, DcFlags::MEDIA_ONLY),
            bare_dc(4, DcFlags::STATIC),
            dc(203, DcFlags::CDN),
        ],
        updates_state: UpdatesStateSnap {
            pts: 1_234_567,
            qts: 89,
            date: 1_700_000_000,
            seq: 42,
            channels: vec![(1, 10), (2, 20), (777_000, 30)],
        },
        peers: channels.chain((10..20).map(|id| user(id, id * 7))).chain(telegram).collect(),
        min_peers: vec![min_peer(5), min_peer(10)],
        future_auth_token: Some(bytes(99, 40)),
    }
}

/// Another session with some of everything: every record of [`full`] is
/// missing in it or has another value.
#[must_use]
pub fn other() -> PersistedSession {
    let mut media = dc(2, DcFlags::NONE);
    media.auth_key = Some(auth_key(4711));
    media.addr = "198.51.100.7:80".into();
    PersistedSession {
        home_dc_id: 4,
        dcs: vec![media, dc(4, DcFlags::NONE), dc(5, DcFlags::NONE)],
        updates_state: UpdatesStateSnap {
            pts: 99,
            qts: 1,
            date: 1_600_000_000,
            seq: 1,
            channels: vec![(2, 21), (3, 31)],
        },
        peers: (15..25).map(|id| user(id, id * 11)).chain([community(777_000, 4)]).collect(),
        min_peers: vec![CachedMinPeer { user_id: 10, peer_id: 1, msg_id: 1 }, min_peer(6)],
        future_auth_token: None,
    }
}

/// As many peers as said, of all kinds.
#[must_use]
pub fn with_peers(count: i64) -> PersistedSession {
    let peer = |id: i64| match id % 4 {
        0 => channel(id, bits(id as u64) as i64, Some(ChannelKind::Megagroup)),
        1 => chat(id),
        2 => community(id, id + 1),
        _ => user(id, bits(id as u64) as i64),
    };
    PersistedSession { home_dc_id: 2, peers: (0..count).map(peer).collect(), ..full() }
}
