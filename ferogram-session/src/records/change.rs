use super::table::Table;
use super::{Record, RecordId};
use crate::data::{CachedPeer, PersistedSession, UpdateStateChange};

/// One effect on a stored session.
///
/// A change can be made without knowing what is stored: nobody reads in order
/// to build one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Stores the record in place of the one with its id.
    Put(Record),
    /// Takes the record away, if there is one.
    Remove(RecordId),
    /// Stores the peer, but keeps a non-zero access hash that is there when
    /// the new one is zero.
    MergePeer(CachedPeer),
    /// Takes the pts of every channel away.
    ClearChannels,
}

impl Change {
    /// `cache_peer` as a change: only a peer without an access hash has to be
    /// merged with what is stored.
    #[must_use]
    pub fn of_peer(peer: &CachedPeer) -> Self {
        if peer.access_hash == 0 {
            Self::MergePeer(peer.clone())
        } else {
            Self::Put(Record::Peer(peer.clone()))
        }
    }

    /// Whether the login depends on what the change touches.
    #[must_use]
    pub fn is_login(&self) -> bool {
        match self {
            Self::Put(record) => record.id().is_login(),
            Self::Remove(id) => id.is_login(),
            Self::MergePeer(_) | Self::ClearChannels => false,
        }
    }
}

/// What a row store is told to write: changes, or a whole session.
#[derive(Clone, Copy, Debug)]
pub enum Write<'a> {
    /// Make these changes, in this order, in the session that is stored; in
    /// an empty one where none is.
    Changes(&'a [Change]),
    /// Store exactly this session, whatever was there.
    Replace(&'a PersistedSession),
}

impl Write<'_> {
    /// Whether the write may touch the login, so that it has to survive a
    /// power cut.
    #[must_use]
    pub fn is_login(&self) -> bool {
        match self {
            Self::Changes(changes) => changes.iter().any(Change::is_login),
            Self::Replace(_) => true,
        }
    }
}

/// Hands a step of the update counters over as changes. All but one are a
/// single change, which takes no memory.
pub(crate) fn with_update<T>(update: &UpdateStateChange, take: impl Fn(&[Change]) -> T) -> T {
    let one = |record| take(&[Change::Put(record)]);
    match *update {
        UpdateStateChange::Primary { pts, date, seq } => one(Record::Primary { pts, date, seq }),
        UpdateStateChange::Secondary { qts } => one(Record::Qts(qts)),
        UpdateStateChange::Channel { id, pts } => one(Record::Channel { id, pts }),
        UpdateStateChange::All(ref all) => {
            let (pts, date, seq) = (all.pts, all.date, all.seq);
            let mut channels = Table::of(all.channels.clone());
            channels.settle();
            let put = |(id, pts)| Change::Put(Record::Channel { id, pts });
            let channels = channels.into_rows().into_iter().map(put);
            let first = [
                Change::Put(Record::Primary { pts, date, seq }),
                Change::Put(Record::Qts(all.qts)),
                Change::ClearChannels,
            ];
            take(&first.into_iter().chain(channels).collect::<Vec<_>>())
        }
    }
}
