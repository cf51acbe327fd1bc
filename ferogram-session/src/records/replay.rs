use super::index::Seed;
use super::table::{Row, Table};
use super::{Change, Record, RecordId, Records};
use crate::data::CachedPeer;

/// Makes many changes one after the other, as a journal has them.
///
/// What they come to is gathered first, and then taken over in one pass over the
/// records: to know where each record stands would take an index of all of them,
/// which costs more than a journal of a quarter of their number.
pub(crate) struct Replay<'a> {
    records: &'a mut Records,
    channels: Late<(i64, i32)>,
    /// The channels of before are gone.
    clears_channels: bool,
    peers: Late<CachedPeer>,
    min_peers: Late<crate::data::CachedMinPeer>,
}

impl<'a> Replay<'a> {
    pub(crate) fn of(records: &'a mut Records) -> Self {
        Self {
            records,
            channels: Late::default(),
            clears_channels: false,
            peers: Late::default(),
            min_peers: Late::default(),
        }
    }

    pub(crate) fn push(&mut self, change: Change) {
        match change {
            Change::Put(Record::Channel { id, pts }) => self.channels.put((id, pts)),
            Change::Put(Record::Peer(peer)) => self.peers.put(peer),
            Change::Put(Record::MinPeer(peer)) => self.min_peers.put(peer),
            Change::MergePeer(peer) => self.peers.merge(peer),
            Change::Remove(RecordId::Channel(id)) => self.channels.remove(id),
            Change::Remove(RecordId::Peer(kind, id)) => self.peers.remove((kind, id)),
            Change::Remove(RecordId::MinPeer(id)) => self.min_peers.remove(id),
            Change::ClearChannels => {
                self.channels = Late::default();
                self.clears_channels = true;
            }
            other => self.records.apply(other),
        }
    }

    /// Takes over what the changes come to.
    pub(crate) fn finish(self) {
        let records = self.records;
        if self.clears_channels {
            records.channels.clear();
        }
        self.channels.into(&mut records.channels, |_, _| {});
        self.peers.into(&mut records.peers, |late, stored| {
            if late.access_hash == 0 {
                late.access_hash = stored.access_hash;
            }
        });
        self.min_peers.into(&mut records.min_peers, |_, _| {});
    }
}

/// What changes come to, by the identity of the row.
struct Late<T: Row>(Table<Patch<T>>);

impl<T: Row> Default for Late<T> {
    fn default() -> Self {
        Self(Table::default())
    }
}

/// What becomes of the row with this identity.
#[derive(Clone, PartialEq)]
struct Patch<T: Row> {
    id: T::Id,
    /// The row that takes its place; none: it goes.
    row: Option<T>,
    /// Something of the row that was there stays.
    merges: bool,
}

impl<T: Row> Row for Patch<T> {
    type Id = T::Id;

    fn id(&self) -> T::Id {
        self.id
    }

    fn hash_with(seed: Seed, id: T::Id) -> u64 {
        T::hash_with(seed, id)
    }
}

impl<T: Row> Late<T> {
    fn put(&mut self, row: T) {
        self.0.put(Patch { id: row.id(), row: Some(row), merges: false });
    }

    fn remove(&mut self, id: T::Id) {
        self.0.put(Patch { id, row: None, merges: false });
    }

    /// Brings `rows` forward; `merge` gives a row what it keeps of the one that it
    /// takes the place of.
    fn into(self, rows: &mut Table<T>, merge: impl Fn(&mut T, &T)) {
        let mut late = self.0;
        if late.rows().is_empty() {
            return;
        }
        let mut met = vec![false; late.rows().len()];
        let mut all = std::mem::take(rows).into_rows();
        all.retain_mut(|row| {
            let Some(at) = late.position(row.id()) else { return true };
            met[at] = true;
            let Patch { row: new, merges, .. } = &late.rows()[at];
            let Some(new) = new else { return false };
            let mut new = new.clone();
            if *merges {
                merge(&mut new, row);
            }
            *row = new;
            true
        });
        let added = late.into_rows().into_iter().zip(met);
        all.extend(added.filter(|(_, met)| !met).filter_map(|(patch, _)| patch.row));
        *rows = Table::of(all);
    }
}

impl Late<CachedPeer> {
    /// A peer without an access hash keeps the one that is stored.
    fn merge(&mut self, mut peer: CachedPeer) {
        let mut merges = peer.access_hash == 0;
        let id = peer.id();
        if merges && let Some(before) = self.0.get(id) {
            merges = before.merges;
            if let Some(row) = &before.row {
                peer.access_hash = row.access_hash;
            }
        }
        self.0.put(Patch { id, row: Some(peer), merges });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::PersistedSession;
    use crate::fuzzing::{made, source::Source};
    use crate::random::Seeded;
    use crate::records::normalize;

    fn normal(records: Records) -> PersistedSession {
        let mut session = records.into_session();
        normalize(&mut session);
        session
    }

    #[test]
    fn comes_to_the_same_as_one_change_after_the_other() {
        for seed in 0..400 {
            let bytes = Seeded(seed).bytes(4_000);
            let mut source = Source::new(&bytes);
            let session = made::session(&mut source);
            let changes: Vec<_> = (0..seed % 40 * 5).map(|_| made::change(&mut source)).collect();
            let mut one_by_one = Records::from(session.clone());
            changes.iter().for_each(|change| one_by_one.apply(change.clone()));
            let mut replayed = Records::from(session);
            let mut replay = Replay::of(&mut replayed);
            changes.into_iter().for_each(|change| replay.push(change));
            replay.finish();
            assert_eq!(normal(replayed), normal(one_by_one), "{seed}");
        }
    }

    /// All orders of a few calls for one peer, on lists in which it is not, once
    /// or twice.
    #[test]
    fn comes_to_the_same_for_one_peer_in_every_order() {
        let peer = |access_hash, community: bool| CachedPeer {
            id: 7,
            access_hash,
            is_channel: false,
            is_chat: community,
            channel_kind: None,
            is_community: false,
        };
        let id = peer(0, false).id();
        let calls = [
            Change::Put(Record::Peer(peer(5, false))),
            Change::Put(Record::Peer(peer(0, false))),
            Change::MergePeer(peer(0, false)),
            Change::MergePeer(peer(6, false)),
            Change::Remove(RecordId::Peer(id.0, id.1)),
            Change::MergePeer(peer(0, true)),
        ];
        let stored = [
            vec![],
            vec![peer(1, false)],
            vec![peer(0, false)],
            vec![peer(1, false), peer(0, false)],
            vec![peer(0, false), peer(2, false)],
            vec![peer(1, false), peer(2, false), peer(3, true)],
        ];
        for peers in stored {
            for number in 0..calls.len().pow(4) {
                let nth = |at: u32| calls[number / calls.len().pow(at) % calls.len()].clone();
                let session = PersistedSession { peers: peers.clone(), ..Default::default() };
                let mut one_by_one = Records::from(session.clone());
                let mut replayed = Records::from(session);
                let mut replay = Replay::of(&mut replayed);
                for change in (0..4).map(nth) {
                    one_by_one.apply(change.clone());
                    replay.push(change);
                }
                replay.finish();
                assert_eq!(normal(replayed), normal(one_by_one), "{number} on {peers:?}");
            }
        }
    }
}
