use super::difference::difference;
use super::normal::{dc_id, normal_dcs, normalize_dcs};
use super::table::Table;
use super::{Change, Parts, PeerKind, Record, RecordId, Secret, Write};
use crate::data::{CachedMinPeer, CachedPeer, DcEntry, PersistedSession, UpdatesStateSnap};
use std::fmt;

/// A session as a set of records: at most one of each [`RecordId`].
///
/// Made from a [`PersistedSession`] and turned back into one at the cost of a
/// move. A change is made in constant time, once the first has built the
/// index.
#[derive(Clone, Default)]
pub struct Records {
    pub(super) home_dc: i32,
    /// In the order of the normal form.
    pub(super) dcs: Vec<DcEntry>,
    pub(super) primary: (i32, i32, i32),
    pub(super) qts: i32,
    pub(super) channels: Table<(i64, i32)>,
    pub(super) peers: Table<CachedPeer>,
    pub(super) min_peers: Table<CachedMinPeer>,
    pub(super) token: Option<Vec<u8>>,
    /// How many saves in a row came in another order than these lists.
    pub(super) strays: u32,
}

impl Records {
    /// The records of an empty session.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes one change.
    pub fn apply(&mut self, change: Change) {
        match change {
            Change::Put(record) => self.put(record),
            Change::Remove(id) => self.remove(id),
            Change::MergePeer(mut peer) => {
                if peer.access_hash == 0
                    && let Some(stored) = self.peers.get((peer.kind(), peer.id))
                {
                    peer.access_hash = stored.access_hash;
                }
                self.peers.put(peer);
            }
            Change::ClearChannels => self.channels.clear(),
        }
    }

    /// Makes what a row store was told to write.
    pub fn write(&mut self, write: &Write<'_>) {
        match write {
            Write::Changes(changes) => changes.iter().for_each(|change| self.apply(change.clone())),
            // Comparing keeps the indexes: to build them anew takes the next call ten
            // times as long. In the client's order it costs no more than copying.
            Write::Replace(session) if self.is_indexed() => {
                if !self.replace_in_place(session) {
                    let changes = difference(self, session);
                    self.follow(changes, session);
                }
            }
            Write::Replace(session) => self.replace(session),
        }
    }

    fn is_indexed(&self) -> bool {
        self.channels.is_indexed() || self.peers.is_indexed() || self.min_peers.is_indexed()
    }

    /// Becomes `session`.
    pub(super) fn replace(&mut self, session: &PersistedSession) {
        self.replace_all_but_lists(session);
        self.channels.replace(&session.updates_state.channels);
        self.peers.replace(&session.peers);
        self.min_peers.replace(&session.min_peers);
        self.strays = 0;
    }

    /// Becomes `session`, if its lists have the same identities in the same order, as
    /// those of a client have from save to save. If not, some of it may be there.
    fn replace_in_place(&mut self, session: &PersistedSession) -> bool {
        let is_done = self.peers.replace_in_place(&session.peers)
            && self.channels.replace_in_place(&session.updates_state.channels)
            && self.min_peers.replace_in_place(&session.min_peers);
        if is_done {
            self.replace_all_but_lists(session);
            self.strays = 0;
        }
        is_done
    }

    fn replace_all_but_lists(&mut self, session: &PersistedSession) {
        let PersistedSession { home_dc_id, dcs, updates_state, .. } = session;
        self.home_dc = *home_dc_id;
        let dcs = normal_dcs(dcs);
        // Nearly always they are the same.
        if !self.dcs.iter().eq(dcs.iter().copied()) {
            self.dcs = dcs.into_iter().cloned().collect();
        }
        self.primary = (updates_state.pts, updates_state.date, updates_state.seq);
        self.qts = updates_state.qts;
        self.token.clone_from(&session.future_auth_token);
    }

    /// The record with this id. Takes `&mut` because the first look-up builds
    /// an index.
    #[must_use]
    pub fn get(&mut self, id: RecordId) -> Option<Record> {
        match id {
            RecordId::HomeDc => (self.home_dc != 0).then_some(Record::HomeDc(self.home_dc)),
            RecordId::Dc { dc_id: dc, class } => {
                let at = self.dcs.binary_search_by_key(&(dc, class), dc_id).ok()?;
                Some(Record::Dc(Box::new(self.dcs[at].clone())))
            }
            RecordId::Primary => {
                let (pts, date, seq) = self.primary;
                (self.primary != (0, 0, 0)).then_some(Record::Primary { pts, date, seq })
            }
            RecordId::Qts => (self.qts != 0).then_some(Record::Qts(self.qts)),
            RecordId::Channel(id) => {
                self.channels.get(id).map(|&(id, pts)| Record::Channel { id, pts })
            }
            RecordId::Peer(kind, id) => self.peers.get((kind, id)).cloned().map(Record::Peer),
            RecordId::MinPeer(id) => self.min_peers.get(id).cloned().map(Record::MinPeer),
            RecordId::Token => self.token.clone().map(|token| Record::Token(Secret(token))),
        }
    }

    /// The stored peer of this kind and id.
    pub(crate) fn peer(&mut self, kind: PeerKind, id: i64) -> Option<&CachedPeer> {
        self.peers.get((kind, id))
    }

    /// The home datacentre; 0 when there is none.
    #[must_use]
    pub fn home_dc(&self) -> i32 {
        self.home_dc
    }

    /// The datacentres, in the order of the normal form.
    pub(crate) fn dcs(&self) -> &[DcEntry] {
        &self.dcs
    }

    /// How many records there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether there is no record: the session is the default one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// The session that the records make up, without copying.
    #[must_use]
    pub fn into_session(self) -> PersistedSession {
        let (pts, date, seq) = self.primary;
        PersistedSession {
            home_dc_id: self.home_dc,
            dcs: self.dcs,
            updates_state: UpdatesStateSnap {
                pts,
                qts: self.qts,
                date,
                seq,
                channels: self.channels.into_rows(),
            },
            peers: self.peers.into_rows(),
            min_peers: self.min_peers.into_rows(),
            future_auth_token: self.token,
        }
    }

    /// The records that a login depends on, alone.
    pub(crate) fn login(&self) -> Self {
        Self {
            home_dc: self.home_dc,
            dcs: self.dcs.clone(),
            token: self.token.clone(),
            ..Self::default()
        }
    }

    /// Whether the changes take or give a login: an address or a salt may
    /// change without.
    pub(crate) fn is_other_login(&mut self, changes: &[Change]) -> bool {
        let key = |record| match record {
            Some(Record::Dc(dc)) => dc.auth_key,
            _ => None,
        };
        changes.iter().filter(|change| change.is_login()).any(|change| match change {
            Change::Put(Record::HomeDc(dc)) => *dc != self.home_dc,
            Change::Put(Record::Dc(dc)) => {
                dc.auth_key != key(self.get(RecordId::dc(dc.dc_id, dc.flags)))
            }
            Change::Put(record) => self.get(record.id()).as_ref() != Some(record),
            Change::Remove(id @ RecordId::Dc { .. }) => key(self.get(*id)).is_some(),
            Change::Remove(id) => self.get(*id).is_some(),
            Change::MergePeer(_) | Change::ClearChannels => false,
        })
    }

    /// A copy that costs no more than its rows.
    pub(crate) fn without_index(&self) -> Self {
        Self::from(self.to_session())
    }

    /// The session that the records make up, as a copy.
    #[must_use]
    pub fn to_session(&self) -> PersistedSession {
        Parts::of_records(self).to_session()
    }

    fn put(&mut self, record: Record) {
        match record {
            Record::HomeDc(dc) => self.home_dc = dc,
            Record::Dc(dc) => match self.dcs.binary_search_by_key(&dc_id(&dc), dc_id) {
                Ok(at) => self.dcs[at] = *dc,
                Err(at) => self.dcs.insert(at, *dc),
            },
            Record::Primary { pts, date, seq } => self.primary = (pts, date, seq),
            Record::Qts(qts) => self.qts = qts,
            Record::Channel { id, pts } => self.channels.put((id, pts)),
            Record::Peer(peer) => self.peers.put(peer),
            Record::MinPeer(min_peer) => self.min_peers.put(min_peer),
            Record::Token(token) => self.token = Some(token.0),
        }
    }

    fn remove(&mut self, id: RecordId) {
        match id {
            RecordId::HomeDc => self.home_dc = 0,
            RecordId::Dc { dc_id: dc, class } => {
                if let Ok(at) = self.dcs.binary_search_by_key(&(dc, class), dc_id) {
                    self.dcs.remove(at);
                }
            }
            RecordId::Primary => self.primary = (0, 0, 0),
            RecordId::Qts => self.qts = 0,
            RecordId::Channel(id) => self.channels.remove(id),
            RecordId::Peer(kind, id) => self.peers.remove((kind, id)),
            RecordId::MinPeer(id) => self.min_peers.remove(id),
            RecordId::Token => self.token = None,
        }
    }
}

impl From<PersistedSession> for Records {
    fn from(session: PersistedSession) -> Self {
        let PersistedSession {
            home_dc_id,
            mut dcs,
            updates_state,
            peers,
            min_peers,
            future_auth_token,
        } = session;
        normalize_dcs(&mut dcs);
        Self {
            home_dc: home_dc_id,
            dcs,
            primary: (updates_state.pts, updates_state.date, updates_state.seq),
            qts: updates_state.qts,
            channels: Table::of(updates_state.channels),
            peers: Table::of(peers),
            min_peers: Table::of(min_peers),
            token: future_auth_token,
            strays: 0,
        }
    }
}

impl FromIterator<Record> for Records {
    fn from_iter<I: IntoIterator<Item = Record>>(records: I) -> Self {
        let mut all = Self::default();
        records.into_iter().for_each(|record| all.put(record));
        all
    }
}

impl fmt::Debug for Records {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records")
            .field("home_dc", &self.home_dc)
            .field("dcs", &self.dcs.len())
            .field("channels", &self.channels.rows().len())
            .field("peers", &self.peers.rows().len())
            .field("min_peers", &self.min_peers.rows().len())
            .field("token", &self.token.is_some())
            .finish()
    }
}
