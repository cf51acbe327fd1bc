//! What a write is in SQL: a guard on the version of the session, and a
//! statement for each change.

use super::read::{dc_checksum, peer_flags};
use super::schema::Tables;
use super::{Statement, Value};
use crate::data::{CachedMinPeer, CachedPeer, DcEntry, PersistedSession};
use crate::mode::{Expect, Version};
use crate::records::{Change, Record, RecordId, Records, Write};

/// Rows that one statement inserts, where there are many.
const CHUNK: usize = 64;

/// Builds the batch for one write.
pub(super) struct Batch<'a> {
    tables: &'a Tables,
    key: &'a str,
    /// The version that the write gives the session, for the conditions of
    /// the statements behind the guard.
    version: String,
    /// Whether a guard decides, so that the other statements have to look.
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
    ) -> Vec<Statement<'a>> {
        let guarded = *expect != Expect::Any;
        let version = version.to_string();
        let mut batch = Self { tables, key, version, guarded, statements: Vec::new() };
        match write {
            Write::Changes(changes) => {
                let mut head = Head::default();
                changes.iter().for_each(|change| head.take(change));
                batch.head(&head, expect);
                changes.iter().for_each(|change| batch.change(change));
            }
            Write::Replace(session) => {
                batch.head(&Head::of(session), expect);
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
    fn head(&mut self, head: &Head, expect: &Expect) {
        let sessions = &self.tables.sessions;
        let mut columns = vec!["version"];
        let mut params = vec![self.key.into(), self.version.as_str().into()];
        for (column, value) in head.columns() {
            columns.push(column);
            params.push(value);
        }
        let set: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(at, column)| format!("{column} = ?{}", at + 2))
            .collect();
        let set = set.join(", ");
        let statement = match expect {
            Expect::Version(old) => {
                params.push(old.to_string().into());
                let old = params.len();
                let sql =
                    format!("UPDATE {sessions} SET {set} WHERE session = ?1 AND version = ?{old}");
                Statement::new(sql, params).guard()
            }
            Expect::Any | Expect::Absent => {
                let values: Vec<String> = (1..=params.len()).map(|at| format!("?{at}")).collect();
                let (columns, values) = (columns.join(", "), values.join(", "));
                let insert =
                    format!("INSERT INTO {sessions} (session, {columns}) VALUES ({values})");
                if *expect == Expect::Any {
                    let sql = format!("{insert} ON CONFLICT (session) DO UPDATE SET {set}");
                    Statement::new(sql, params)
                } else {
                    let sql = format!("{insert} ON CONFLICT (session) DO NOTHING");
                    Statement::new(sql, params).guard()
                }
            }
        };
        self.statements.push(statement);
    }

    fn change(&mut self, change: &Change) {
        match change {
            Change::Put(Record::Dc(dc)) => self.put_dcs(std::slice::from_ref(&**dc)),
            Change::Put(Record::Channel { id, pts }) => self.put_channels(&[(*id, *pts)]),
            Change::Put(Record::Peer(peer)) => self.put_peers(std::slice::from_ref(peer), false),
            Change::MergePeer(peer) => self.put_peers(std::slice::from_ref(peer), true),
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
        // One row for each identity: a statement may not meet one twice.
        let mut records = Records::from(session.clone());
        records.settle();
        let session = records.into_session();
        session.dcs.chunks(CHUNK).for_each(|rows| self.put_dcs(rows));
        session.updates_state.channels.chunks(CHUNK).for_each(|rows| self.put_channels(rows));
        session.peers.chunks(CHUNK).for_each(|rows| self.put_peers(rows, false));
        session.min_peers.chunks(CHUNK).for_each(|rows| self.put_min_peers(rows));
    }

    fn put_dcs(&mut self, rows: &[DcEntry]) {
        let columns = [
            "dc_id",
            "class",
            "flags",
            "addr",
            "auth_key",
            "first_salt",
            "time_offset",
            "checksum",
        ];
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
        self.upsert(&self.tables.dcs, &columns, 2, None, values.collect());
    }

    fn put_channels(&mut self, rows: &[(i64, i32)]) {
        let values = rows.iter().flat_map(|&(id, pts)| [id.into(), pts.into()]);
        self.upsert(&self.tables.channels, &["id", "pts"], 1, None, values.collect());
    }

    fn put_peers(&mut self, rows: &[CachedPeer], merge: bool) {
        let values = rows.iter().flat_map(|peer| {
            let kind = peer.kind() as u8;
            [kind.into(), peer.id.into(), peer.access_hash.into(), peer_flags(peer).into()]
        });
        let peers = &self.tables.peers;
        let hash = merge.then(|| {
            format!(
                "access_hash = CASE WHEN excluded.access_hash = 0 THEN {peers}.access_hash \
                 ELSE excluded.access_hash END"
            )
        });
        let columns = ["kind", "id", "access_hash", "flags"];
        self.upsert(peers, &columns, 2, hash.as_deref(), values.collect());
    }

    fn put_min_peers(&mut self, rows: &[CachedMinPeer]) {
        let values =
            rows.iter().flat_map(|row| [row.user_id.into(), row.peer_id.into(), row.msg_id.into()]);
        let columns = ["user_id", "peer_id", "msg_id"];
        self.upsert(&self.tables.min_peers, &columns, 1, None, values.collect());
    }

    /// Inserts rows of `columns`, of which the first `keys` are the key behind
    /// the session's; a row that is there takes the new values. `special`
    /// stands in place of the first column that is not part of the key.
    fn upsert(
        &mut self,
        table: &str,
        columns: &[&str],
        keys: usize,
        special: Option<&str>,
        values: Vec<Value>,
    ) {
        let width = columns.len();
        let rows = values.len() / width;
        let mut sql = format!("INSERT INTO {table} (session, {}) ", columns.join(", "));
        let tuple = |row: usize| {
            let places: Vec<String> =
                (0..width).map(|column| format!("?{}", 2 + row * width + column)).collect();
            format!("(?1, {})", places.join(", "))
        };
        let tuples: Vec<String> = (0..rows).map(tuple).collect();
        let mut params = Vec::with_capacity(values.len() + 2);
        params.push(self.key.into());
        params.extend(values);
        if self.guarded {
            params.push(self.version.as_str().into());
            let sessions = &self.tables.sessions;
            sql.push_str(&format!(
                "SELECT * FROM (VALUES {}) AS new WHERE EXISTS \
                 (SELECT 1 FROM {sessions} WHERE session = ?1 AND version = ?{})",
                tuples.join(", "),
                params.len()
            ));
        } else {
            sql.push_str(&format!("VALUES {}", tuples.join(", ")));
        }
        let (key, rest) = columns.split_at(keys);
        let set: Vec<String> = rest
            .iter()
            .enumerate()
            .map(|(at, column)| match special {
                Some(special) if at == 0 => special.to_owned(),
                _ => format!("{column} = excluded.{column}"),
            })
            .collect();
        sql.push_str(&format!(
            " ON CONFLICT (session, {}) DO UPDATE SET {}",
            key.join(", "),
            set.join(", ")
        ));
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

    fn columns(&self) -> Vec<(&'static str, Value)> {
        let mut columns = Vec::with_capacity(6);
        columns.extend(self.home_dc.map(|dc| ("home_dc", dc.into())));
        if let Some((pts, date, seq)) = self.primary {
            columns.extend([("pts", pts.into()), ("date", date.into()), ("seq", seq.into())]);
        }
        columns.extend(self.qts.map(|qts| ("qts", qts.into())));
        columns.extend(self.token.clone().map(|token| ("token", token)));
        columns
    }
}
