//! What a write is in SQL: a guard on the version of the session, and a
//! statement for each change.

use super::home;
use super::read::{dc_checksum, peer_flags};
use super::runs;
use super::schema::Tables;
use super::text::{CHUNK, Columns, Condition, Kind};
use super::{Dialect, SqlExecutor, Statement, Value};
use crate::data::{CachedMinPeer, CachedPeer, DcEntry, PersistedSession};
use crate::mode::Version;
use crate::records::{Change, Record, RecordId, Write};

/// Parameters of the row of a session: key, two versions, six columns.
const MAX_HEAD: usize = 9;

/// Builds the batch for one write.
pub(super) struct Batch<'a> {
    pub(super) tables: &'a Tables,
    pub(super) key: &'a str,
    /// The version that the write gives the session, for the conditions of
    /// the statements behind the guard.
    version: String,
    /// Whether the other statements have to look whether the guard was met.
    guarded: bool,
    /// Whether every text is sent anew.
    in_runs: bool,
    pub(super) statements: Vec<Statement<'a>>,
}

impl<'a> Batch<'a> {
    pub(super) fn write(
        tables: &'a Tables,
        key: &'a str,
        write: &Write<'_>,
        condition: Condition<'_>,
        version: &Version,
        executor: &dyn SqlExecutor,
    ) -> Vec<Statement<'a>> {
        let guarded = !executor.stops_at_guard();
        let in_runs = executor.dialect() == Dialect::Postgres;
        let version = version.text();
        let mut batch = Self { tables, key, version, guarded, in_runs, statements: Vec::new() };
        match write {
            Write::Changes(changes) => {
                let mut head = Head::default();
                changes.iter().for_each(|change| head.take(change));
                batch.head(head, condition);
                match in_runs {
                    true => batch.change_in_runs(changes),
                    false => changes.iter().for_each(|change| batch.change(change)),
                }
            }
            Write::Replace(session) => {
                batch.head(Head::of(session), condition);
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
    fn head(&mut self, head: Head, condition: Condition<'_>) {
        let sql = self.tables.head(head.columns(), condition);
        let mut params = Vec::with_capacity(MAX_HEAD);
        params.extend([self.key.into(), self.version.as_str().into()]);
        params.extend(head.values());
        if let Condition::Version(old) = condition {
            params.push(old.text().into());
        }
        self.statements.push(Statement::new(sql, params).guard());
    }

    fn change(&mut self, change: &Change) {
        match change {
            Change::Put(Record::Dc(dc)) => self.upsert(Kind::Dc, 1, dc_row(dc)),
            Change::Put(Record::Channel { id, pts }) => {
                self.upsert(Kind::Channel, 1, channel_row(&(*id, *pts)));
            }
            Change::Put(Record::Peer(peer)) => self.upsert(Kind::Peer, 1, peer_row(peer)),
            Change::MergePeer(peer) => self.upsert(Kind::MergedPeer, 1, peer_row(peer)),
            Change::Put(Record::MinPeer(peer)) => {
                self.upsert(Kind::MinPeer, 1, min_peer_row(peer));
            }
            Change::Remove(id) => {
                if let Some((kind, key)) = key_of(*id) {
                    self.delete_where(kind, kind.key(), key);
                }
            }
            Change::ClearChannels => self.delete_where(Kind::Channel, &[], vec![]),
            // In the row of the session.
            Change::Put(
                Record::HomeDc(_) | Record::Primary { .. } | Record::Qts(_) | Record::Token(_),
            ) => {}
        }
    }

    fn replace(&mut self, session: &PersistedSession) {
        for kind in [Kind::Dc, Kind::Channel, Kind::Peer, Kind::MinPeer] {
            self.delete_where(kind, &[], vec![]);
        }
        // One row for each identity, which a statement may not meet twice; and
        // in the order of the keys, in which an index grows at its end.
        let mut session = session.clone();
        session.normalize();
        let PersistedSession { dcs, updates_state, peers, min_peers, .. } = &session;
        self.put_all(Kind::Dc, dcs, dc_row);
        self.put_all(Kind::Channel, &updates_state.channels, channel_row);
        self.put_all(Kind::Peer, peers, peer_row);
        self.put_all(Kind::MinPeer, min_peers, min_peer_row);
    }

    fn put_all<R, const N: usize>(&mut self, kind: Kind, rows: &[R], row: fn(&R) -> [Value; N]) {
        let (chunk, rest) = match self.in_runs {
            true if kind.is_numbers() => (runs::CHUNK, runs::CHUNK),
            true => (1, 1),
            // Where a statement is a request, or a part of one, few are better; else
            // one for so many rows that is used once is not worth being made.
            false => (CHUNK, if self.guarded { CHUNK } else { 1 }),
        };
        let (whole, odd) = rows.split_at(rows.len() / chunk * chunk);
        for rows in whole.chunks(chunk).chain(odd.chunks(rest)) {
            self.upsert(kind, rows.len(), rows.iter().flat_map(row));
        }
    }

    fn upsert(&mut self, kind: Kind, rows: usize, values: impl IntoIterator<Item = Value>) {
        if self.in_runs {
            return self.put_rows(kind, rows, values.into_iter().collect());
        }
        let mut params = Vec::with_capacity(rows * kind.width() + 2);
        params.push(self.key.into());
        params.extend(values);
        if self.guarded {
            params.push(self.version.as_str().into());
        }
        let sql = self.tables.upsert(kind, rows, self.guarded);
        self.statements.push(Statement::new(sql, params));
    }

    /// Deletes the row with this key; all rows, without columns.
    pub(super) fn delete_where(&mut self, kind: Kind, columns: &[&str], key: Vec<Value>) {
        let mut sql = format!("DELETE FROM {} WHERE session = ?1", kind.table(self.tables));
        let mut params = vec![self.key.into()];
        for (column, value) in columns.iter().zip(key) {
            params.push(value);
            sql.push_str(&format!(" AND {column} = ?{}", params.len()));
        }
        if let Some(look) = self.look(&mut params) {
            sql.push_str(&format!(" AND {look}"));
        }
        self.statements.push(Statement::new(sql, params));
    }

    /// The condition that the guard was met, if nothing else tells.
    pub(super) fn look(&self, params: &mut Vec<Value>) -> Option<String> {
        if !self.guarded {
            return None;
        }
        params.push(self.version.as_str().into());
        let (sessions, at) = (&self.tables.sessions, params.len());
        Some(format!("EXISTS (SELECT 1 FROM {sessions} WHERE session = ?1 AND version = ?{at})"))
    }
}

/// The row of a record, unless it stands in that of the session.
pub(super) fn row_of(record: &Record) -> Option<(Kind, Vec<Value>)> {
    Some(match record {
        Record::Dc(dc) => (Kind::Dc, dc_row(dc).into()),
        Record::Channel { id, pts } => (Kind::Channel, channel_row(&(*id, *pts)).into()),
        Record::Peer(peer) => (Kind::Peer, peer_row(peer).into()),
        Record::MinPeer(peer) => (Kind::MinPeer, min_peer_row(peer).into()),
        Record::HomeDc(_) | Record::Primary { .. } | Record::Qts(_) | Record::Token(_) => {
            return None;
        }
    })
}

/// The key of a record's row, unless it stands in that of the session.
pub(super) fn key_of(id: RecordId) -> Option<(Kind, Vec<Value>)> {
    Some(match id {
        RecordId::Dc { dc_id, class } => (Kind::Dc, vec![dc_id.into(), class.into()]),
        RecordId::Channel(id) => (Kind::Channel, vec![id.into()]),
        RecordId::Peer(kind, id) => (Kind::Peer, vec![(kind as u8).into(), id.into()]),
        RecordId::MinPeer(id) => (Kind::MinPeer, vec![id.into()]),
        RecordId::HomeDc | RecordId::Primary | RecordId::Qts | RecordId::Token => return None,
    })
}

pub(super) fn dc_row(dc: &DcEntry) -> [Value; 8] {
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
}

fn channel_row(&(id, pts): &(i64, i32)) -> [Value; 2] {
    [id.into(), pts.into()]
}

fn peer_row(peer: &CachedPeer) -> [Value; 4] {
    let kind = peer.kind() as u8;
    [kind.into(), peer.id.into(), peer.access_hash.into(), peer_flags(peer).into()]
}

fn min_peer_row(row: &CachedMinPeer) -> [Value; 3] {
    [row.user_id.into(), row.peer_id.into(), row.msg_id.into()]
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
        let home_dc = self.home_dc.map(|dc| home::column(dc).into());
        let primary = self.primary.map(|(pts, date, seq)| [pts, date, seq].map(Value::from));
        let qts = self.qts.map(Value::from);
        let rest = qts.into_iter().chain(self.token);
        home_dc.into_iter().chain(primary.into_iter().flatten()).chain(rest)
    }
}
