use super::redact::Redacted;
use super::{CachedMinPeer, CachedPeer, DcEntry, UpdatesStateSnap};
use crate::error::SessionError;
use crate::{format, records};
use std::fmt;
use std::io;
use std::path::Path;

/// Everything of a login that must outlive the process.
///
/// With the feature `serde` it has the shape that it had in 0.6.6; fields that
/// came later than a stored value (`is_community`, `channel_kind` ..) are read
/// as their default.
///
/// `Debug` shows counts, not contents; [`Display`](fmt::Display) is the string
/// session, which holds the auth keys.
#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PersistedSession {
    /// The datacentre the account lives on; 0 before the first login.
    pub home_dc_id: i32,
    /// Known datacentre addresses and their auth keys.
    pub dcs: Vec<DcEntry>,
    /// How far updates have been read.
    pub updates_state: UpdatesStateSnap,
    /// Peers that were seen, with their access hashes.
    pub peers: Vec<CachedPeer>,
    /// Users who can be addressed only through a message of theirs.
    #[cfg_attr(feature = "serde", serde(default))]
    pub min_peers: Vec<CachedMinPeer>,
    /// What `auth.logOut` gave for the next login
    /// ([future auth tokens](https://core.telegram.org/api/auth#future-auth-tokens)).
    #[cfg_attr(feature = "serde", serde(default))]
    pub future_auth_token: Option<Vec<u8>>,
}

impl PersistedSession {
    /// Encodes the session in the native format: a version 8 base that 0.6.6
    /// reads too, a checksum, and whatever version 8 has no room for.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        format::encode(self)
    }

    /// Decodes any of the binary formats, versions 1 to 8.
    ///
    /// # Errors
    ///
    /// `InvalidData` with the byte offset for anything that is not a whole
    /// session: a truncated or altered one, an unknown version, trailing bytes.
    pub fn from_bytes(bytes: &[u8]) -> io::Result<Self> {
        let help = "take a copy of them that is whole, or log in anew";
        format::decode(bytes).map_err(|damage| SessionError::from(damage).help(help).into())
    }

    /// Writes the session to `path`, whole or not at all, readable by its
    /// owner only, and durable when this returns.
    ///
    /// A [`BinaryFileBackend`](crate::BinaryFileBackend) does the same and
    /// writes only what changed.
    ///
    /// # Errors
    ///
    /// What the file system says; what stood at `path` is then still there.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        crate::backends::write_file(path, self)
    }

    /// Reads a session from `path`, whoever wrote it.
    ///
    /// # Errors
    ///
    /// What the file system says (`NotFound` among it), and `InvalidData` as
    /// [`from_bytes`](Self::from_bytes) has it.
    pub fn load(path: &Path) -> io::Result<Self> {
        crate::backends::read_file(path)
    }

    /// Decodes a string session, native or compact (V1, V2); white space
    /// around it and padding are ignored.
    ///
    /// # Errors
    ///
    /// `InvalidData` for anything else. The message does not show the string.
    pub fn from_string(s: &str) -> io::Result<Self> {
        let help = "take the whole string, from its first character to its last, or log in anew";
        format::string::decode(s).map_err(|damage| SessionError::from(damage).help(help).into())
    }

    /// The address of a datacentre: of the preferred family where there is
    /// one, else of the other.
    #[must_use]
    pub fn dc_for(&self, dc_id: i32, prefer_ipv6: bool) -> Option<&DcEntry> {
        self.all_dcs_for(dc_id)
            .find(|dc| dc.is_ipv6() == prefer_ipv6)
            .or_else(|| self.all_dcs_for(dc_id).next())
    }

    /// Every address of a datacentre.
    pub fn all_dcs_for(&self, dc_id: i32) -> impl Iterator<Item = &DcEntry> {
        self.dcs.iter().filter(move |dc| dc.dc_id == dc_id)
    }

    /// Brings the session into the one form that all sessions with the same
    /// content share: lists sorted by identity, one entry for each.
    ///
    /// Of two addresses of one identity the one with an auth key stays, else
    /// the first; of two peers the one with an access hash, else the last; of
    /// two channels or min-peers the last. Two sessions are the same when
    /// their normal forms are equal.
    pub fn normalize(&mut self) {
        records::normalize(self);
    }
}

impl fmt::Display for PersistedSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format::string::encode(self))
    }
}

impl std::str::FromStr for PersistedSession {
    type Err = io::Error;

    fn from_str(s: &str) -> io::Result<Self> {
        Self::from_string(s)
    }
}

impl fmt::Debug for PersistedSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = &self.updates_state;
        f.debug_struct("PersistedSession")
            .field("home_dc_id", &self.home_dc_id)
            .field("dcs", &self.dcs)
            .field("pts", &state.pts)
            .field("qts", &state.qts)
            .field("date", &state.date)
            .field("seq", &state.seq)
            .field("channels", &state.channels.len())
            .field("peers", &self.peers.len())
            .field("min_peers", &self.min_peers.len())
            .field("future_auth_token", &Redacted(self.future_auth_token.as_ref().map(Vec::len)))
            .finish()
    }
}
