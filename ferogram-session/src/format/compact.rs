//! Compact string sessions: one datacentre and its key, nothing else.
//!
//! URL-safe base64 over big-endian fields. Version 2 is what
//! `export_session_string()` of the client gives.
//!
//! ```text
//! V1  1 | dc | 4 or 6 | ip | port | user id | salt | seq_no | layer | key
//! V2  2 | dc | 4 or 6 | ip | port | user id | key
//! ```

use super::string::BASE64;
use crate::data::{DcEntry, DcFlags, PersistedSession, Redacted};
use base64::Engine;
use std::fmt;
use std::net::IpAddr;

/// What a version 2 string holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// Home datacentre.
    pub dc_id: u8,
    /// Its address.
    pub ip: IpAddr,
    /// Its port.
    pub port: u16,
    /// The auth key agreed with it.
    pub auth_key: [u8; 256],
    /// The account; 0 when unknown.
    pub user_id: i64,
}

/// What a version 1 string holds.
#[derive(Clone, PartialEq, Eq)]
pub struct FullSession {
    /// Home datacentre.
    pub dc_id: u8,
    /// Its address.
    pub ip: IpAddr,
    /// Its port.
    pub port: u16,
    /// The auth key agreed with it.
    pub auth_key: [u8; 256],
    /// The account; 0 when unknown.
    pub user_id: i64,
    /// The server salt.
    pub server_salt: i64,
    /// Number of the last message.
    pub seq_no: u32,
    /// TL layer in use.
    pub layer: u32,
}

/// A compact string session of either version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StringSession {
    /// With salt, sequence number and layer.
    V1(FullSession),
    /// Datacentre, account and key.
    V2(Session),
}

/// Why a string is no compact session.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StringSessionError {
    /// Not base64.
    #[error("a string session is URL-safe base64: {0}")]
    Base64(#[from] base64::DecodeError),
    /// Not as long as a session of its version is.
    #[error("the string session is cut off, or something follows it")]
    InvalidData,
    /// The first byte is no known version.
    #[error("version {0} of compact string sessions is unknown (there are 1 and 2)")]
    UnsupportedVersion(u8),
    /// The third byte is not the kind of an address.
    #[error("address kind {0} is unknown (there are 4 and 6)")]
    UnknownIpType(u8),
}

const HEAD: usize = 3;
const V1_TAIL: usize = 2 + 8 + 8 + 4 + 4 + 256;
const V2_TAIL: usize = 2 + 8 + 256;

impl StringSession {
    /// Decodes a compact string; white space around it and padding are ignored.
    ///
    /// # Errors
    ///
    /// For anything but a whole session of version 1 or 2.
    pub fn decode(s: &str) -> Result<Self, StringSessionError> {
        Self::from_bytes(&BASE64.decode(s.trim())?)
    }

    /// Encodes as version 2; of a version 1 session, what both have.
    #[must_use]
    pub fn encode(&self) -> String {
        let session = self.session();
        let mut out = head(2, session.dc_id, session.ip);
        out.extend_from_slice(&session.port.to_be_bytes());
        out.extend_from_slice(&session.user_id.to_be_bytes());
        out.extend_from_slice(&session.auth_key);
        BASE64.encode(out)
    }

    /// Encodes as version 1. What a version 2 session does not know (salt,
    /// sequence number, layer) becomes 0, which tells a client to ask.
    #[must_use]
    pub fn encode_v1(&self) -> String {
        let session = self.session();
        let (salt, seq_no, layer) = self
            .full_session()
            .map_or((0, 0, 0), |full| (full.server_salt, full.seq_no, full.layer));
        let mut out = head(1, session.dc_id, session.ip);
        out.extend_from_slice(&session.port.to_be_bytes());
        out.extend_from_slice(&session.user_id.to_be_bytes());
        out.extend_from_slice(&salt.to_be_bytes());
        out.extend_from_slice(&seq_no.to_be_bytes());
        out.extend_from_slice(&layer.to_be_bytes());
        out.extend_from_slice(&session.auth_key);
        BASE64.encode(out)
    }

    /// What both versions have.
    #[must_use]
    pub fn session(&self) -> Session {
        match self {
            Self::V2(session) => session.clone(),
            Self::V1(full) => Session {
                dc_id: full.dc_id,
                ip: full.ip,
                port: full.port,
                auth_key: full.auth_key,
                user_id: full.user_id,
            },
        }
    }

    /// Everything of a version 1 session; `None` of version 2.
    #[must_use]
    pub fn full_session(&self) -> Option<&FullSession> {
        match self {
            Self::V1(full) => Some(full),
            Self::V2(_) => None,
        }
    }

    /// 1 or 2.
    #[must_use]
    pub fn version(&self) -> u8 {
        match self {
            Self::V1(_) => 1,
            Self::V2(_) => 2,
        }
    }

    /// The session in `bytes` if they have the structure of a compact one. A
    /// native session of version 2 begins with a 2 as well, but is then not of
    /// this length with a 4 or 6 in third place.
    pub(super) fn from_compact(bytes: &[u8]) -> Option<Self> {
        Self::from_bytes(bytes).ok()
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, StringSessionError> {
        let [version, dc_id, kind, rest @ ..] = bytes else {
            return Err(StringSessionError::InvalidData);
        };
        let tail = match version {
            1 => V1_TAIL,
            2 => V2_TAIL,
            &other => return Err(StringSessionError::UnsupportedVersion(other)),
        };
        let mut fields = Fields(rest);
        let ip = match kind {
            4 if bytes.len() == HEAD + 4 + tail => IpAddr::from(fields.array::<4>()?),
            6 if bytes.len() == HEAD + 16 + tail => IpAddr::from(fields.array::<16>()?),
            4 | 6 => return Err(StringSessionError::InvalidData),
            &other => return Err(StringSessionError::UnknownIpType(other)),
        };
        let port = u16::from_be_bytes(fields.array()?);
        let user_id = i64::from_be_bytes(fields.array()?);
        let dc_id = *dc_id;
        if *version == 2 {
            return Ok(Self::V2(Session { dc_id, ip, port, auth_key: fields.array()?, user_id }));
        }
        let server_salt = i64::from_be_bytes(fields.array()?);
        let seq_no = u32::from_be_bytes(fields.array()?);
        let layer = u32::from_be_bytes(fields.array()?);
        let auth_key = fields.array()?;
        Ok(Self::V1(FullSession { dc_id, ip, port, auth_key, user_id, server_salt, seq_no, layer }))
    }
}

fn head(version: u8, dc_id: u8, ip: IpAddr) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEAD + 16 + V1_TAIL);
    match ip {
        IpAddr::V4(ip) => {
            out.extend_from_slice(&[version, dc_id, 4]);
            out.extend_from_slice(&ip.octets());
        }
        IpAddr::V6(ip) => {
            out.extend_from_slice(&[version, dc_id, 6]);
            out.extend_from_slice(&ip.octets());
        }
    }
    out
}

struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], StringSessionError> {
        let (array, rest) = self.0.split_first_chunk().ok_or(StringSessionError::InvalidData)?;
        self.0 = rest;
        Ok(*array)
    }
}

impl From<Session> for StringSession {
    fn from(session: Session) -> Self {
        Self::V2(session)
    }
}

impl From<FullSession> for StringSession {
    fn from(session: FullSession) -> Self {
        Self::V1(session)
    }
}

/// One keyed datacentre, which is the home one.
impl From<&StringSession> for PersistedSession {
    fn from(compact: &StringSession) -> Self {
        let session = compact.session();
        let flags = if session.ip.is_ipv6() { DcFlags::IPV6 } else { DcFlags::NONE };
        let dc_id = i32::from(session.dc_id);
        let mut dc = DcEntry::from_parts(dc_id, &session.ip.to_string(), session.port, flags);
        dc.auth_key = Some(session.auth_key);
        dc.first_salt = compact.full_session().map_or(0, |full| full.server_salt);
        PersistedSession { home_dc_id: dc_id, dcs: vec![dc], ..Self::default() }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("dc_id", &self.dc_id)
            .field("ip", &self.ip)
            .field("port", &self.port)
            .field("auth_key", &Redacted(Some(256)))
            .field("user_id", &self.user_id)
            .finish()
    }
}

impl fmt::Debug for FullSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FullSession")
            .field("dc_id", &self.dc_id)
            .field("ip", &self.ip)
            .field("port", &self.port)
            .field("auth_key", &Redacted(Some(256)))
            .field("user_id", &self.user_id)
            .field("server_salt", &Redacted(Some(8)))
            .field("seq_no", &self.seq_no)
            .field("layer", &self.layer)
            .finish()
    }
}
