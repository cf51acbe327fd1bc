//! What a write is in SQL: a guard on the version of the session, and a
//! statement for each change.

use super::read::{dc_checksum, peer_flags};
use super::schema::Tables;
use super::text::{CHUNK, Columns, Kind};
use super::{Statement, Value};
use crate::data::{CachedMinPeer, CachedPeer, DcEntry, PersistedSession};
use crate::mode::{Expect, Version};
use crate::records::{Change, Record, RecordId, Write};

/// Parameters of the row of a session: key, two versions, six columns.
const MAX_HEAD: usize = 9;

/// Builds the batch for one write.
pub(super) struct Batch<'a> {
    tables: &'a Tables,
    key: &'a str,
    /// The version that the write gives the session, for the conditions of
    /// the statements behind the guard.
    version: String,
    /// Whether the other statements have to look whether the guard was met.
    guarded: bool,
    statements: Vec<Statement<'a>>,
}

impl<'a> Batch<'a> {
    pub(super) fn write(
        tables: &'a Tables,
        key: &'a str,
        write: &Write<'_>,
        expect: &Expect,
        version: &Version,
        stops_at_guard: bool,
    ) -> Vec<Statement<'a>> {
        let guarded = *expect != Expect::Any && !stops_at_guard;
        let version = version.to_string();
        let mut batch = Self { tables, key, version, guarded, statements: Vec::new() };
        match write {
            Write::Changes(changes) => {
                let mut head = Head::default();
                changes.iter().for_each(|change| head.take(change));
                batch.head(head, expect);
                changes.iter().for_each(|change| batch.change(change));
            }
            Write::Replace(session) => {
                batch.head(Head::of(session), expect);
                batch.replace(session);
            }
        }
        batch.statements
    }

    /// Removes the session, and its rows in every table.
    pub(super) fn delete(tables: &'a Tables, key: &str) -> Vec<Statement<'a>> {
        let Tables { sessions, dcs, channels, peers, min_peers, .. } = tables;
        [sessions, dcs, channels, peers, min_peers]
            .map(|table| {
                Statement::new(format!("DELETE FROM {table} WHERE session = ?1"), vec![key.into()])
            })
            .into()
    }

    /// The row of the session itself: sets the version and what the write
    /// says of home DC, counters and token, if the session is as expected.
    fn head(&mut self, head: Head, expect: &Expect) {
        let sql = self.tables.head(head.columns(), expect);
        let mut params = Vec::with_capacity(MAX_HEAD);
        params.extend([self.key.into(), self.version.as_str().into()]);
        params.extend(head.values());
        if let Expect::Version(old) = expect {
            params.push(old.to_string().into());
        }
        let statement = Statement::new(sql, params);
        self.statements.push(match expect {
            Expect::Any => statement,
            Expect::Absent | Expect::Version(_) => statement.guard(),
        });
    }

    fn change(&mut self, change: &Change) {
        match change {
            Change::Put(Record::Dc(dc)) => self.put_dcs(std::slice::from_ref(&**dc)),
            Change::Put(Record::Channel { id, pts }) => self.put_channels(&[(*id, *pts)]),
            Change::Put(Record::Peer(peer)) => {
                self.put_peers(std::slice::from_ref(peer), Kind::Peer)
            }
            Change::MergePeer(peer) => self.put_peers(std::slice::from_ref(peer), Kind::MergedPeer),
            Change::Put(Record::MinPeer(peer)) => self.put_min_peers(std::slice::from_ref(peer)),
            Change::Remove(id) => self.remove(*id),
            Change::ClearChannels => self.clear(&self.tables.channels),
            // In the row of the session.
            Change::Put(
                Record::HomeDc(_) | Record::Primary { .. } | Record::Qts(_) | Record::Token(_),
            ) => {}
        }
    }

    fn replace(&mut self, session: &PersistedSession) {
        let Tables { dcs, channels, peers, min_peers, .. } = self.tables;
        [dcs, channels, peers, min_peers].into_iter().for_each(|table| self.clear(table));
        // One row for each identity, which a statement may not meet twice; and
        // in the order of the keys, in which an index grows at its end.
        let mut session = session.clone();
        session.normalize();
        session.dcs.chunks(CHUNK).for_each(|rows| self.put_dcs(rows));
        session.updates_state.channels.chunks(CHUNK).for_each(|rows| self.put_channels(rows));
        session.peers.chunks(CHUNK).for_each(|rows| self.put_peers(rows, Kind::Peer));
        session.min_peers.chunks(CHUNK).for_each(|rows| self.put_min_peers(rows));
    }

    fn put_dcs(&mut self, rows: &[DcEntry]) {
        let values = rows.iter().flat_map(|dc| {
            [
                dc.dc_id.into(),
                dc.flags.class().into(),
                dc.flags.0.into(),
                dc.addr.as_str().into(),
                dc.auth_key.as_ref().map(<[u8; 256]>::as_slice).into(),
                dc.first_salt.into(),
                dc.time_offset.into(),
                dc_checksum(dc).into(),
            ]
        });
        self.upsert(Kind::Dc, rows.len(), values);
    }

    fn put_channels(&mut self, rows: &[(i64, i32)]) {
        let values = rows.iter().flat_map(|&(id, pts)| [id.into(), pts.into()]);
        self.upsert(Kind::Channel, rows.len(), values);
    }

    fn put_peers(&mut self, rows: &[CachedPeer], kind: Kind) {
        let values = rows.iter().flat_map(|peer| {
            let kind = peer.kind() as u8;
            [kind.into(), peer.id.into(), peer.access_hash.into(), peer_flags(peer).into()]
        });
        self.upsert(kind, rows.len(), values);
    }

    fn put_min_peers(&mut self, rows: &[CachedMinPeer]) {
        let values =
            rows.iter().flat_map(|row| [row.user_id.into(), row.peer_id.into(), row.msg_id.into()]);
        self.upsert(Kind::MinPeer, rows.len(), values);
    }

    fn upsert(&mut self, kind: Kind, rows: usize, values: impl Iterator<Item = Value>) {
        let mut params = Vec::with_capacity(rows * kind.width() + 2);
        params.push(self.key.into());
        params.extend(values);
        if self.guarded {
            params.push(self.version.as_str().into());
        }
        let sql = self.tables.upsert(kind, rows, self.guarded);
        self.statements.push(Statement::new(sql, params));
    }

    fn remove(&mut self, id: RecordId) {
        let Tables { dcs, channels, peers, min_peers, .. } = self.tables;
        match id {
            RecordId::Dc { dc_id, class } => {
                self.delete_where(dcs, &[("dc_id", dc_id.into()), ("class", class.into())]);
            }
            RecordId::Channel(id) => self.delete_where(channels, &[("id", id.into())]),
            RecordId::Peer(kind, id) => {
                self.delete_where(peers, &[("kind", (kind as u8).into()), ("id", id.into())]);
            }
            RecordId::MinPeer(id) => self.delete_where(min_peers, &[("user_id", id.into())]),
            // In the row of the session.
            RecordId::HomeDc | RecordId::Primary | RecordId::Qts | RecordId::Token => {}
        }
    }

    fn clear(&mut self, table: &str) {
        self.delete_where(table, &[]);
    }

    fn delete_where(&mut self, table: &str, columns: &[(&str, Value)]) {
        let mut sql = format!("DELETE FROM {table} WHERE session = ?1");
        let mut params = vec![self.key.into()];
        for (column, value) in columns {
            params.push(value.clone());
            sql.push_str(&format!(" AND {column} = ?{}", params.len()));
        }
        if self.guarded {
            params.push(self.version.as_str().into());
            let sessions = &self.tables.sessions;
            sql.push_str(&format!(
                " AND EXISTS (SELECT 1 FROM {sessions} WHERE session = ?1 AND version = ?{})",
                params.len()
            ));
        }
        self.statements.push(Statement::new(sql, params));
    }
}

/// What a write says of the row of the session; `None` where it says nothing.
#[derive(Default)]
struct Head {
    home_dc: Option<i32>,
    primary: Option<(i32, i32, i32)>,
    qts: Option<i32>,
    token: Option<Value>,
}

impl Head {
    fn of(session: &PersistedSession) -> Self {
        let state = &session.updates_state;
        Self {
            home_dc: Some(session.home_dc_id),
            primary: Some((state.pts, state.date, state.seq)),
            qts: Some(state.qts),
            token: Some(session.future_auth_token.as_deref().into()),
        }
    }

    fn take(&mut self, change: &Change) {
        match change {
            Change::Put(Record::HomeDc(dc)) => self.home_dc = Some(*dc),
            Change::Put(Record::Primary { pts, date, seq }) => {
                self.primary = Some((*pts, *date, *seq));
            }
            Change::Put(Record::Qts(qts)) => self.qts = Some(*qts),
            Change::Put(Record::Token(token)) => self.token = Some(token.0.as_slice().into()),
            Change::Remove(RecordId::HomeDc) => self.home_dc = Some(0),
            Change::Remove(RecordId::Primary) => self.primary = Some((0, 0, 0)),
            Change::Remove(RecordId::Qts) => self.qts = Some(0),
            Change::Remove(RecordId::Token) => self.token = Some(Value::Null),
            _ => {}
        }
    }

    fn columns(&self) -> Columns {
        Columns {
            home_dc: self.home_dc.is_some(),
            primary: self.primary.is_some(),
            qts: self.qts.is_some(),
            token: self.token.is_some(),
        }
    }

    /// In the order of [`Columns`].
    fn values(self) -> impl Iterator<Item = Value> {
        let home_dc = self.home_dc.map(Value::from);
        let primary = self.primary.map(|(pts, date, seq)| [pts, date, seq].map(Value::from));
        let qts = self.qts.map(Value::from);
        let rest = qts.into_iter().chain(self.token);
        home_dc.into_iter().chain(primary.into_iter().flatten()).chain(rest)
    }
}
