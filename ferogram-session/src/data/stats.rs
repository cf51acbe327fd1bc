use super::PersistedSession;
use crate::format;

/// What a session holds, in numbers; see [`PersistedSession::stats`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionStats {
    /// The datacentre the account lives on.
    pub home_dc_id: i32,
    /// Addresses of datacentres.
    pub dcs_total: usize,
    /// Addresses with an auth key.
    pub dcs_with_auth_key: usize,
    /// Users, channels and chats together.
    pub peers_total: usize,
    /// Peers that are neither channel nor chat.
    pub peers_users: usize,
    /// Channels and supergroups.
    pub peers_channels: usize,
    /// Basic groups.
    pub peers_chats: usize,
    /// Users known only by a message of theirs.
    pub min_peers: usize,
    /// Channels with a pts.
    pub channel_pts_entries: usize,
    /// Whether the server's update state was ever taken over.
    pub updates_initialised: bool,
    /// Length of the native encoding, in bytes.
    pub approx_bytes: usize,
}

impl PersistedSession {
    /// Counts what the session holds. Linear in its size, and free of
    /// secrets: fit for a log.
    #[must_use]
    pub fn stats(&self) -> SessionStats {
        SessionStats {
            home_dc_id: self.home_dc_id,
            dcs_total: self.dcs.len(),
            dcs_with_auth_key: self.dcs.iter().filter(|dc| dc.auth_key.is_some()).count(),
            peers_total: self.peers.len(),
            peers_users: self.peers.iter().filter(|p| !p.is_channel && !p.is_chat).count(),
            peers_channels: self.peers.iter().filter(|p| p.is_channel).count(),
            peers_chats: self.peers.iter().filter(|p| p.is_chat).count(),
            min_peers: self.min_peers.len(),
            channel_pts_entries: self.updates_state.channels.len(),
            updates_initialised: self.updates_state.is_initialised(),
            approx_bytes: format::encoded_len(self),
        }
    }
}
