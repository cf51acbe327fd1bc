//! Sessions that keep the client on this machine: the home DC has a key and an
//! address of loopback, so the client neither logs in anew nor looks elsewhere.

use ferogram_session::{
    CachedMinPeer, CachedPeer, ChannelKind, DcEntry, DcFlags, PersistedSession, UpdatesStateSnap,
};

/// The auth key. Its bytes repeat with a period of eight, for the reason given
/// in `server`.
pub const KEY: [u8; 256] = {
    let mut key = [0; 256];
    let mut i = 0;
    while i < 256 {
        key[i] = [0x42, 0x17, 0xe9, 0x03, 0x88, 0x5c, 0xd1, 0x6f][i % 8];
        i += 1;
    }
    key
};

fn peer(id: i64, access_hash: i64) -> CachedPeer {
    CachedPeer {
        id,
        access_hash,
        is_channel: false,
        is_chat: false,
        channel_kind: None,
        is_community: false,
    }
}

/// A session whose home DC is at `addr`, built by literal, as the client does:
/// that this compiles is part of the test.
pub fn seed(addr: &str) -> PersistedSession {
    let dc = |dc_id, addr: &str, auth_key, flags| DcEntry {
        dc_id,
        addr: addr.to_string(),
        auth_key,
        first_salt: 0x0102_0304_0506_0708,
        time_offset: 0,
        flags,
    };
    PersistedSession {
        home_dc_id: 4,
        dcs: vec![
            // The first entry of the home DC is the one that the client dials. The
            // others refuse connections: port 1 of addresses of this machine.
            dc(2, "127.0.0.2:1", Some([7; 256]), DcFlags::NONE),
            dc(4, addr, Some(KEY), DcFlags::NONE),
            dc(4, "127.0.0.4:1", None, DcFlags::MEDIA_ONLY),
        ],
        updates_state: UpdatesStateSnap {
            pts: 100,
            qts: 20,
            date: 1_700_000_000,
            seq: 3,
            channels: vec![(1001, 11), (1002, 12)],
        },
        peers: vec![
            peer(101, 0x101),
            peer(102, -0x102),
            CachedPeer {
                is_channel: true,
                channel_kind: Some(ChannelKind::Broadcast),
                ..peer(1001, 0x1001)
            },
            CachedPeer {
                is_channel: true,
                channel_kind: Some(ChannelKind::Megagroup),
                ..peer(1002, 0x1002)
            },
            CachedPeer { is_chat: true, ..peer(2001, 0) },
            CachedPeer { is_community: true, ..peer(3001, 0x3001) },
            // One bare id, numbered separately for users and channels.
            peer(777, 0x7771),
            CachedPeer {
                is_channel: true,
                channel_kind: Some(ChannelKind::Gigagroup),
                ..peer(777, 0x7772)
            },
        ],
        min_peers: vec![CachedMinPeer { user_id: 301, peer_id: 1001, msg_id: 5 }],
        future_auth_token: Some(vec![1, 2, 3]),
    }
}

/// Every field, in an order of its own, for comparing two sessions.
pub fn fields(s: &PersistedSession) -> Vec<String> {
    let mut all =
        vec![format!("home {}", s.home_dc_id), format!("token {:?}", s.future_auth_token)];
    let u = &s.updates_state;
    all.push(format!("state {} {} {} {}", u.pts, u.qts, u.date, u.seq));
    all.extend(u.channels.iter().map(|c| format!("channel {c:?}")));
    all.extend(s.dcs.iter().map(|d| {
        format!(
            "dc {} {} {:?} {} {} {}",
            d.dc_id, d.flags.0, d.auth_key, d.addr, d.first_salt, d.time_offset
        )
    }));
    all.extend(peers(s));
    all.sort();
    all
}

/// The peers and min-peers alone.
pub fn peers(s: &PersistedSession) -> Vec<String> {
    let mut all: Vec<_> = s
        .peers
        .iter()
        .map(|p| {
            format!(
                "peer {} {} {} {} {:?} {}",
                p.id, p.access_hash, p.is_channel, p.is_chat, p.channel_kind, p.is_community
            )
        })
        .collect();
    all.extend(
        s.min_peers.iter().map(|m| format!("min-peer {} {} {}", m.user_id, m.peer_id, m.msg_id)),
    );
    all.sort();
    all
}
