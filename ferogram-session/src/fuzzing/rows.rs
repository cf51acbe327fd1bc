use super::made;
use super::normal;
use super::source::Source;
use crate::data::PersistedSession;
use crate::error::SessionError;
use crate::records::PeerKind;
use crate::sql::seam::{dc_checksum, home_column, peer_flags, read};
use crate::sql::{Dialect, SqlExecutor, Statement, Value};
use std::io;

/// The rows of a session give that session; with a value changed an error, or
/// a session with no other key in it, which is what the rows say.
pub fn rows(data: &[u8]) {
    let mut source = Source::new(data);
    let session = normal(made::session(&mut source));
    let mut rows = Rows::of(&session);
    assert!(rows.session().unwrap() == Some(session.clone()), "untouched");
    // So many that what they take is known beforehand: a row may hold a long token.
    for _ in 0..32 {
        if source.is_empty() {
            break;
        }
        rows.change(&mut source);
    }
    match rows.session() {
        Ok(Some(read)) => {
            for dc in read.dcs.iter().filter(|dc| dc.auth_key.is_some()) {
                assert!(rows.unchecked || session.dcs.contains(dc), "another key");
            }
            let mut again = Rows::of(&read);
            // Without a check it is a home of an older table.
            let plain: Value = read.home_dc_id.into();
            if rows.rows.iter().any(|(of, row)| *of == 0 && row.get(1) == Some(&plain)) {
                again.rows[0].1[1] = plain;
            }
            let said: Vec<_> = again.records().collect();
            let mut there = rows.records();
            // Whatever is no record was an error, and of duplicates one is read.
            assert!(there.all(|row| said.iter().any(|said| said.is_of(&row))), "left out");
            let there: Vec<_> = rows.records().collect();
            assert!(said.iter().all(|row| there.contains(row)), "made up");
        }
        Ok(None) => {
            let of = |table| rows.rows.iter().any(|(of, _)| *of == table);
            assert!(!of(0) && !of(1), "no session, and a login is there");
        }
        Err(error) => {
            assert!(matches!(SessionError::of(&error), Some(SessionError::Corrupt(_))), "{error}");
        }
    }
}

#[derive(PartialEq)]
struct Line<'a> {
    table: usize,
    values: &'a [Value],
}

impl Line<'_> {
    /// Whether both are of one record. (Of a peer the kind and the id tell, of
    /// a datacentre the number and the class.)
    fn is_of(&self, other: &Self) -> bool {
        let key = [0, 2, 1, 2, 1][self.table];
        self.table == other.table && self.values[..key] == other.values[..key]
    }
}

/// A database that answers with these rows.
struct Rows {
    rows: Vec<(usize, Vec<Value>)>,
    /// Whether the checksum of a datacentre was taken away, as it is in a row
    /// of an older table.
    unchecked: bool,
}

impl Rows {
    fn of(session: &PersistedSession) -> Self {
        let state = &session.updates_state;
        let blob = |bytes: Option<&[u8]>| bytes.map_or(Value::Null, Value::from);
        let mut rows = vec![(
            0,
            vec![
                "version".into(),
                home_column(session.home_dc_id).into(),
                state.pts.into(),
                state.qts.into(),
                state.date.into(),
                state.seq.into(),
                blob(session.future_auth_token.as_deref()),
            ],
        )];
        rows.extend(session.dcs.iter().map(|dc| {
            let values = vec![
                dc.dc_id.into(),
                dc.flags.class().into(),
                dc.flags.0.into(),
                dc.addr.as_str().into(),
                blob(dc.auth_key.as_ref().map(<[u8; 256]>::as_slice)),
                dc.first_salt.into(),
                dc.time_offset.into(),
                dc_checksum(dc).into(),
            ];
            (1, values)
        }));
        rows.extend(state.channels.iter().map(|&(id, pts)| (2, vec![id.into(), pts.into()])));
        rows.extend(session.peers.iter().map(|peer| {
            let kind: PeerKind = peer.kind();
            let values = vec![
                (kind as i64).into(),
                peer.id.into(),
                peer.access_hash.into(),
                peer_flags(peer).into(),
            ];
            (3, values)
        }));
        rows.extend(session.min_peers.iter().map(|min_peer| {
            let values =
                vec![min_peer.user_id.into(), min_peer.peer_id.into(), min_peer.msg_id.into()];
            (4, values)
        }));
        Self { rows, unchecked: false }
    }

    fn change(&mut self, source: &mut Source<'_>) {
        if self.rows.is_empty() {
            let _ = source.rest();
            return;
        }
        let at = source.below(self.rows.len());
        let new = match source.below(8) {
            0 => Value::Null,
            1 => Value::Integer(source.i64()),
            2 => Value::Text(source.text(40)),
            3 => Value::Blob(source.some_bytes(300).to_vec()),
            4 => return drop(self.rows.remove(at)),
            5 => return self.rows.push(self.rows[at].clone()),
            6 => return drop(self.rows[at].1.pop()),
            _ => Value::Integer(source.i32().into()),
        };
        let (table, values) = &mut self.rows[at];
        if !values.is_empty() {
            let column = source.below(values.len());
            self.unchecked |= *table == 1 && column == 7;
            values[column] = new;
        }
    }

    /// The rows without what says nothing of a session.
    fn records(&self) -> impl Iterator<Item = Line<'_>> {
        self.rows.iter().map(|(table, values)| match table {
            0 => Line { table: 0, values: &values[1..] },
            1 => Line { table: 1, values: &values[..7] },
            table => Line { table: *table, values },
        })
    }

    fn session(&self) -> io::Result<Option<PersistedSession>> {
        Ok(read(self, "default")?.map(|(records, _)| normal(records.into_session())))
    }
}

impl SqlExecutor for Rows {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn query(
        &self,
        _: &[Statement<'_>],
        row: &mut dyn FnMut(usize, &[Value]) -> io::Result<()>,
    ) -> io::Result<()> {
        self.rows.iter().try_for_each(|(query, values)| row(*query, values))
    }

    fn batch(&self, _: &[Statement<'_>], _: bool) -> io::Result<bool> {
        Ok(true)
    }
}
