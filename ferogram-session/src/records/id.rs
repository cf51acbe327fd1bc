use crate::data::{CachedMinPeer, CachedPeer, DcEntry, DcFlags};

/// Which number space the id of a peer belongs to.
///
/// Telegram numbers users, chats, channels and communities separately, so an
/// id alone names up to four peers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeerKind {
    /// Neither of the others.
    User,
    /// A basic group.
    Chat,
    /// A channel or supergroup.
    Channel,
    /// A community.
    Community,
}

impl CachedPeer {
    /// The number space of the peer's id: the first that applies of
    /// community, chat, channel, user.
    #[must_use]
    pub fn kind(&self) -> PeerKind {
        if self.is_community {
            PeerKind::Community
        } else if self.is_chat {
            PeerKind::Chat
        } else if self.is_channel {
            PeerKind::Channel
        } else {
            PeerKind::User
        }
    }
}

/// What a record is about. A session holds at most one record of each id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordId {
    /// The home datacentre.
    HomeDc,
    /// An address of a datacentre.
    Dc {
        /// Datacentre number.
        dc_id: i32,
        /// The bits of [`DcFlags`] that tell addresses of one datacentre
        /// apart: `IPV6`, `MEDIA_ONLY`, `CDN`.
        class: u8,
    },
    /// pts, date and seq.
    Primary,
    /// qts.
    Qts,
    /// The pts of a channel.
    Channel(i64),
    /// A peer.
    Peer(PeerKind, i64),
    /// A min-peer, by user.
    MinPeer(i64),
    /// The future auth token.
    Token,
}

impl RecordId {
    /// The id of a datacentre address with these flags.
    #[must_use]
    pub fn dc(dc_id: i32, flags: DcFlags) -> Self {
        Self::Dc { dc_id, class: flags.class() }
    }

    /// Whether the login depends on the record: such a change must survive a
    /// power cut once the call has returned.
    #[must_use]
    pub fn is_login(&self) -> bool {
        matches!(self, Self::HomeDc | Self::Dc { .. } | Self::Token)
    }
}

/// One piece of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Record {
    /// The home datacentre; 0 is the same as none.
    HomeDc(i32),
    /// An address of a datacentre. Boxed, because it is fifteen times the size
    /// of the records that there are thousands of.
    Dc(Box<DcEntry>),
    /// pts, date and seq.
    Primary {
        /// Events in private chats and basic groups.
        pts: i32,
        /// Unix time of the last update, in seconds.
        date: i32,
        /// Number of the last `updates` container.
        seq: i32,
    },
    /// Events of secret chats and bots.
    Qts(i32),
    /// The pts of a channel.
    Channel {
        /// Bare channel id.
        id: i64,
        /// Events so far.
        pts: i32,
    },
    /// A peer.
    Peer(CachedPeer),
    /// A min-peer.
    MinPeer(CachedMinPeer),
    /// The future auth token.
    Token(Secret),
}

impl Record {
    /// What the record is about.
    #[must_use]
    pub fn id(&self) -> RecordId {
        match self {
            Self::HomeDc(_) => RecordId::HomeDc,
            Self::Dc(dc) => RecordId::dc(dc.dc_id, dc.flags),
            Self::Primary { .. } => RecordId::Primary,
            Self::Qts(_) => RecordId::Qts,
            Self::Channel { id, .. } => RecordId::Channel(*id),
            Self::Peer(peer) => RecordId::Peer(peer.kind(), peer.id),
            Self::MinPeer(min_peer) => RecordId::MinPeer(min_peer.user_id),
            Self::Token(_) => RecordId::Token,
        }
    }
}

/// Bytes that `Debug` does not show.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Secret(pub Vec<u8>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", crate::data::Redacted(Some(self.0.len())))
    }
}
