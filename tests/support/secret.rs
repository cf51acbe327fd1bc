//! A session whose secrets can be told from anything else.

use ferogram_session::{CachedMinPeer, CachedPeer, DcEntry, DcFlags, PersistedSession};

/// A key, and a token: 173 is `AD` and `rQ` or `ra2t` in base64, and stands nowhere by chance.
pub const KEY: [u8; 256] = [173; 256];
/// A salt, and an access hash.
pub const NUMBER: i64 = 0x5EED_F00D_CAFE_1234;

/// A login and a peer, made of these.
#[must_use]
pub fn session() -> PersistedSession {
    let dc = DcEntry {
        auth_key: Some(KEY),
        first_salt: NUMBER,
        ..DcEntry::from_parts(2, "127.0.0.1", 443, DcFlags::NONE)
    };
    let peer = CachedPeer {
        id: 7,
        access_hash: NUMBER,
        is_channel: false,
        is_chat: false,
        channel_kind: None,
        is_community: false,
    };
    PersistedSession {
        home_dc_id: 2,
        dcs: vec![dc],
        peers: vec![peer],
        min_peers: vec![CachedMinPeer { user_id: 7, peer_id: 8, msg_id: 9 }],
        future_auth_token: Some(KEY.to_vec()),
        ..PersistedSession::default()
    }
}

/// Stops the test if they are to be seen.
///
/// # Panics
///
/// With what was shown.
#[track_caller]
pub fn hides(shown: &str) {
    let dense: String = shown.split_whitespace().collect();
    let numbers = [NUMBER.to_string(), format!("{NUMBER:x}"), format!("{NUMBER:X}")];
    let keys = ["173,173", "adadad", "ADADAD", "ra2tra2t", "\\xad", "\\xAD"].map(String::from);
    for secret in numbers.into_iter().chain(keys) {
        assert!(!dense.contains(&secret), "shows {secret}: {shown}");
    }
}
