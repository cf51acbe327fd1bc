use super::redact::RedactedHash;
use std::fmt;

/// What sort of channel a channel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[repr(u8)]
pub enum ChannelKind {
    /// Only admins post.
    Broadcast = 0,
    /// A supergroup: every member may post.
    Megagroup = 1,
    /// A supergroup without a member limit, where only admins post.
    Gigagroup = 2,
}

impl ChannelKind {
    /// The kind a stored byte stands for; `None` for a byte that stands for none.
    #[must_use]
    pub fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::Broadcast),
            1 => Some(Self::Megagroup),
            2 => Some(Self::Gigagroup),
            _ => None,
        }
    }

    /// The byte that is stored for this kind.
    #[must_use]
    pub fn to_byte(self) -> u8 {
        self as u8
    }
}

/// A user, chat, channel or community that was seen, and the access hash to
/// address it with ([peers](https://core.telegram.org/api/peers)).
///
/// `Debug` shows whether the hash is known, not the hash.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CachedPeer {
    /// Bare id. Users, chats, channels and communities number separately:
    /// the same id may stand for one of each.
    pub id: i64,
    /// Valid for this account only; 0 when unknown, and always for chats.
    pub access_hash: i64,
    /// A channel or supergroup.
    pub is_channel: bool,
    /// A basic group.
    #[cfg_attr(feature = "serde", serde(default))]
    pub is_chat: bool,
    /// What sort of channel, where that is known.
    #[cfg_attr(feature = "serde", serde(default))]
    pub channel_kind: Option<ChannelKind>,
    /// A community: addressed like a channel, but a kind of its own.
    #[cfg_attr(feature = "serde", serde(default))]
    pub is_community: bool,
}

impl fmt::Debug for CachedPeer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedPeer")
            .field("id", &self.id)
            .field("access_hash", &RedactedHash(self.access_hash))
            .field("is_channel", &self.is_channel)
            .field("is_chat", &self.is_chat)
            .field("channel_kind", &self.channel_kind)
            .field("is_community", &self.is_community)
            .finish()
    }
}

/// A user seen only in passing (`min`), who can be addressed through the
/// message where they were seen
/// ([min constructors](https://core.telegram.org/api/min)).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CachedMinPeer {
    /// The user.
    pub user_id: i64,
    /// The peer in which the message stands.
    pub peer_id: i64,
    /// The message.
    pub msg_id: i32,
}
