//! What the golden files hold. Nothing here depends on time or chance, and the
//! addresses are those set aside for documentation: no golden file can make a
//! client dial anybody.

use ferogram_session::{
    CachedMinPeer, CachedPeer, DcEntry, DcFlags, PersistedSession, UpdatesStateSnap,
};

fn key(seed: u32) -> Option<[u8; 256]> {
    Some(std::array::from_fn(|i| (i as u32 * 7 + seed) as u8))
}

fn dc(
    dc_id: i32,
    addr: &str,
    auth_key: Option<[u8; 256]>,
    first_salt: i64,
    time_offset: i32,
    flags: u8,
) -> DcEntry {
    DcEntry {
        dc_id,
        addr: addr.to_string(),
        auth_key,
        first_salt,
        time_offset,
        flags: DcFlags(flags),
    }
}

#[derive(Clone, Copy)]
enum Kind {
    User,
    Channel(#[cfg_attr(not(feature = "channel-kind"), allow(dead_code))] Option<u8>),
    Chat,
    #[cfg(feature = "community")]
    Community,
}

fn peer(id: i64, access_hash: i64, kind: Kind) -> CachedPeer {
    CachedPeer {
        id,
        access_hash,
        is_channel: matches!(kind, Kind::Channel(_)),
        is_chat: matches!(kind, Kind::Chat),
        #[cfg(feature = "channel-kind")]
        channel_kind: match kind {
            Kind::Channel(Some(byte)) => ferogram_session::ChannelKind::from_byte(byte),
            _ => None,
        },
        #[cfg(feature = "community")]
        is_community: matches!(kind, Kind::Community),
    }
}

/// The sessions written in the binary format, as strings and as JSON.
pub fn sessions() -> Vec<(&'static str, PersistedSession)> {
    vec![
        ("full", full()),
        ("minimal", minimal()),
        ("empty", PersistedSession::default()),
        ("edges", edges()),
    ]
}

/// One keyed DC, as right after a login and before the first update.
fn minimal() -> PersistedSession {
    PersistedSession {
        home_dc_id: 2,
        dcs: vec![dc(2, "192.0.2.2:443", key(2), 0x0102_0304_0506_0708, 1, 0)],
        ..Default::default()
    }
}

fn full() -> PersistedSession {
    let mut session = full_for_sql();
    // Users, chats and channels are numbered separately, so one bare id may
    // stand there several times. The tables of the releases cannot hold that.
    session.peers.extend([
        peer(777_000, 0x7770_0000_0000_0001, Kind::User),
        peer(777_000, 0x7770_0000_0000_0002, Kind::Channel(Some(0))),
        peer(777_000, 0, Kind::Chat),
    ]);
    #[cfg(feature = "community")]
    session.peers.push(peer(777_000, 0x7770_0000_0000_0004, Kind::Community));
    session
}

/// `full` without two peers of one bare id.
pub fn full_for_sql() -> PersistedSession {
    #[allow(unused_mut)]
    let mut session = PersistedSession {
        home_dc_id: 2,
        dcs: vec![
            dc(2, "192.0.2.2:443", key(2), 0x1122_3344_5566_7788, -3, 0),
            dc(1, "192.0.2.1:443", key(1), -0x1122_3344_5566_7788, 0, 16),
            dc(3, "192.0.2.3:443", None, 0, 0, 0),
            dc(4, "192.0.2.4:80", key(4), 4, 86_400, 0),
            dc(5, "192.0.2.5:5222", None, 0, 0, 16),
            // IPv6: one without a key, one with the key of its DC.
            dc(2, "[2001:db8::2]:443", None, 0, 0, 1),
            dc(4, "[2001:db8:0:4::a]:443", key(4), 4, 86_400, 1 | 16),
            // Media-only, beside the main address of the same DC, and both kinds at once.
            dc(2, "198.51.100.2:443", key(2), 0x1122_3344_5566_7788, -3, 2),
            dc(4, "[2001:db8::4:0:1]:443", None, 0, 0, 1 | 2),
            // A CDN DC, with a key of its own.
            dc(203, "203.0.113.203:443", key(203), 203, 0, 8),
        ],
        updates_state: UpdatesStateSnap {
            pts: 123_456,
            qts: 789,
            date: 1_700_000_000,
            seq: 42,
            channels: vec![(1001, 10), (1_234_567_890, 2_000_000_000), (5_000_000_000, 1)],
        },
        peers: vec![
            peer(101, 0x0123_4567_89ab_cdef, Kind::User),
            peer(102, -1, Kind::User),
            peer(103, 0, Kind::User),
            peer(7_000_000_104, i64::MIN, Kind::User),
            peer(1001, 0x1001, Kind::Channel(Some(0))),
            peer(1002, -0x1002, Kind::Channel(Some(1))),
            peer(1003, 0x1003, Kind::Channel(Some(2))),
            // Of unknown kind, and one seen only in a shortened form (no hash).
            peer(1004, 0x1004, Kind::Channel(None)),
            peer(1005, 0, Kind::Channel(None)),
            peer(2001, 0, Kind::Chat),
            peer(2002, 0, Kind::Chat),
        ],
        min_peers: vec![
            CachedMinPeer { user_id: 301, peer_id: 1001, msg_id: 5001 },
            CachedMinPeer { user_id: 302, peer_id: 2001, msg_id: 5002 },
            CachedMinPeer { user_id: 7_000_000_303, peer_id: 1002, msg_id: i32::MAX },
        ],
        #[cfg(feature = "token")]
        future_auth_token: Some((0u8..=255).rev().step_by(2).collect()),
    };
    #[cfg(feature = "community")]
    session.peers.extend([peer(3001, 0x3001, Kind::Community), peer(3002, 0, Kind::Community)]);
    session
}

/// The ends of every range that the format can hold, and combinations of flags
/// that no client writes but the format keeps.
fn edges() -> PersistedSession {
    let long = format!("{}:443", "a".repeat(251));
    assert_eq!(long.len(), 255);
    #[allow(unused_mut)]
    let mut session = PersistedSession {
        home_dc_id: 10_002,
        dcs: vec![
            dc(10_002, &long, Some([0; 256]), i64::MAX, i32::MIN, 0),
            dc(i32::MAX, "", Some([255; 256]), i64::MIN, i32::MAX, 255),
            dc(i32::MIN, "dc.example:443", None, -1, -1, 0b1110_0000),
        ],
        updates_state: UpdatesStateSnap {
            pts: i32::MIN,
            qts: -1,
            date: i32::MAX,
            seq: i32::MIN,
            channels: vec![(i64::MIN, i32::MIN), (i64::MAX, i32::MAX), (0, 0), (-1, -1)],
        },
        peers: vec![
            peer(i64::MAX, i64::MAX, Kind::User),
            peer(i64::MIN, i64::MIN, Kind::Channel(None)),
            peer(0, 0, Kind::User),
            peer(-1, -1, Kind::Chat),
        ],
        min_peers: vec![
            CachedMinPeer { user_id: i64::MIN, peer_id: i64::MIN, msg_id: i32::MIN },
            CachedMinPeer { user_id: i64::MAX, peer_id: i64::MAX, msg_id: i32::MAX },
        ],
        #[cfg(feature = "token")]
        future_auth_token: Some(Vec::new()),
    };
    #[cfg(feature = "channel-kind")]
    session.peers.extend([
        // The kind byte does not depend on the type byte.
        CachedPeer {
            channel_kind: ferogram_session::ChannelKind::from_byte(1),
            ..peer(-2, 2, Kind::User)
        },
        CachedPeer {
            channel_kind: ferogram_session::ChannelKind::from_byte(2),
            ..peer(-3, 3, Kind::Chat)
        },
    ]);
    #[cfg(feature = "community")]
    session.peers.extend([
        // Nor does the community byte.
        CachedPeer { is_community: true, ..peer(-4, 4, Kind::Channel(Some(2))) },
        CachedPeer { is_community: true, ..peer(-5, 5, Kind::Chat) },
    ]);
    session
}

/// A session, granular updates after it, and what must come out: of the rows of
/// one DC and class, the one with a key.
#[cfg(feature = "community")]
#[allow(dead_code)]
pub fn stale_dcs() -> (PersistedSession, Vec<DcEntry>, PersistedSession) {
    let before = PersistedSession {
        home_dc_id: 2,
        dcs: vec![
            dc(1, "192.0.2.1:443", None, 0, 0, 0),
            dc(2, "192.0.2.2:443", key(2), 22, 2, 0),
            dc(4, "192.0.2.4:443", None, 0, 0, 0),
        ],
        ..Default::default()
    };
    let updates = vec![
        // The flags of DC 1 gained STATIC together with its key: (1, 0) is stale.
        dc(1, "192.0.2.101:443", key(1), 11, 1, 16),
        // DC 2 was seen again without a key: (2, 0) still is the login.
        dc(2, "192.0.2.102:443", None, 0, 0, 16),
        // Media-only is another class, not a stale row.
        dc(4, "198.51.100.4:443", key(4), 44, 4, 2 | 16),
    ];
    let after = PersistedSession {
        dcs: vec![
            updates[0].clone(),
            before.dcs[1].clone(),
            before.dcs[2].clone(),
            updates[2].clone(),
        ],
        ..before.clone()
    };
    (before, updates, after)
}

#[cfg(not(feature = "community"))]
#[allow(dead_code)]
pub fn stale_dcs() -> (PersistedSession, Vec<DcEntry>, PersistedSession) {
    unreachable!("written by the newest release only")
}

/// Compact strings: name, text, fields as JSON, and the session that the client
/// builds from the text: one keyed home DC, with the salt of V1.
#[cfg(feature = "string-session")]
pub fn compact() -> Vec<(String, String, String, PersistedSession)> {
    use ferogram_session::string_session::{FullSession, Session, StringSession};

    let mut out = Vec::new();
    for (family, ip, addr, flags) in [
        ("ipv4", "192.0.2.4", "192.0.2.4:443", 0),
        ("ipv6", "2001:db8::4:0:1", "[2001:db8::4:0:1]:443", 1),
    ] {
        let full = FullSession {
            dc_id: 4,
            ip: ip.parse().unwrap(),
            port: 443,
            auth_key: key(4).unwrap(),
            user_id: 7_000_000_104,
            server_salt: -0x1122_3344_5566_7788,
            seq_no: 4_000_000_001,
            layer: 225,
        };
        let short = Session {
            dc_id: full.dc_id,
            ip: full.ip,
            port: full.port,
            auth_key: full.auth_key,
            user_id: full.user_id,
        };
        let fields = crate::expected::compact(
            full.dc_id,
            ip,
            full.port,
            &full.auth_key,
            full.user_id,
            Some((full.server_salt, full.seq_no, full.layer)),
        );
        let session = |salt| PersistedSession {
            home_dc_id: 4,
            dcs: vec![dc(4, addr, key(4), salt, 0, flags)],
            ..Default::default()
        };
        out.push((
            format!("v1-{family}"),
            StringSession::V1(full.clone()).encode_v1(),
            fields,
            session(full.server_salt),
        ));
        let fields = crate::expected::compact(
            short.dc_id,
            ip,
            short.port,
            &short.auth_key,
            short.user_id,
            None,
        );
        let text = StringSession::V2(short).encode();
        // `encode` of a V1 gives the V2 of the same login.
        assert_eq!(text, StringSession::V1(full).encode());
        out.push((format!("v2-{family}"), text, fields, session(0)));
    }
    out
}
