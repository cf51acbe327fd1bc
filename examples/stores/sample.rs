//! A login to store, made up.

use ferogram_session::{CachedPeer, DcEntry, DcFlags, PersistedSession};

/// What a client has after its login: an auth key for its datacentre, where it
/// is with updates, and `channels` channels that it has seen.
#[must_use]
pub fn login(channels: i64) -> PersistedSession {
    let mut home = DcEntry::from_parts(2, "149.154.167.51", 443, DcFlags::NONE);
    home.auth_key = Some([0x2A; 256]);
    let mut session = PersistedSession { home_dc_id: 2, dcs: vec![home], ..Default::default() };
    session.updates_state.pts = 4_711;
    session.peers.extend((1..=channels).map(channel));
    session
}

/// A channel.
#[must_use]
pub fn channel(id: i64) -> CachedPeer {
    CachedPeer {
        id,
        access_hash: id * 7_919,
        is_channel: true,
        is_chat: false,
        channel_kind: None,
        is_community: false,
    }
}

/// A session in a few words.
#[must_use]
pub fn in_short(session: Option<&PersistedSession>) -> String {
    let Some(session) = session else { return "no session".to_owned() };
    let (stats, state) = (session.stats(), &session.updates_state);
    format!(
        "home dc {}, {} auth key, pts {}, {} peers",
        stats.home_dc_id, stats.dcs_with_auth_key, state.pts, stats.peers_total
    )
}
