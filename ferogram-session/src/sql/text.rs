//! The texts of writes. Those that come with every call are made once for a
//! store.

use super::schema::Tables;
use crate::mode::Version;
use std::borrow::Cow;
use std::sync::OnceLock;

/// Rows that one statement inserts, where there are many.
pub(super) const CHUNK: usize = 64;

/// What is inserted, or takes the place of what is there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Dc,
    Channel,
    Peer,
    /// A peer that keeps the stored access hash if its own is zero.
    MergedPeer,
    MinPeer,
}

const KINDS: usize = 5;

impl Kind {
    pub(super) fn table(self, tables: &Tables) -> &str {
        match self {
            Self::Dc => &tables.dcs,
            Self::Channel => &tables.channels,
            Self::Peer | Self::MergedPeer => &tables.peers,
            Self::MinPeer => &tables.min_peers,
        }
    }

    /// The columns of the key behind the session's, and the others.
    fn columns(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Dc => (
                &["dc_id", "class"],
                &["flags", "addr", "auth_key", "first_salt", "time_offset", "checksum"],
            ),
            Self::Channel => (&["id"], &["pts"]),
            Self::Peer | Self::MergedPeer => (&["kind", "id"], &["access_hash", "flags"]),
            Self::MinPeer => (&["user_id"], &["peer_id", "msg_id"]),
        }
    }

    /// The columns of the key behind the session's.
    pub(super) fn key(self) -> &'static [&'static str] {
        self.columns().0
    }

    /// Whether a row is nothing but numbers.
    pub(super) fn is_numbers(self) -> bool {
        self != Self::Dc
    }

    /// How many parameters a row takes.
    pub(super) fn width(self) -> usize {
        let (key, rest) = self.columns();
        key.len() + rest.len()
    }
}

/// The columns of the row of the session that a write sets, in this order.
#[derive(Clone, Copy, Default)]
pub(super) struct Columns {
    pub(super) home_dc: bool,
    pub(super) primary: bool,
    pub(super) qts: bool,
    pub(super) token: bool,
}

impl Columns {
    fn names(self) -> Vec<&'static str> {
        let of = |set: bool, names: &'static [&'static str]| if set { names } else { &[] };
        [
            &["version"],
            of(self.home_dc, &["home_dc"]),
            of(self.primary, &["pts", "date", "seq"]),
            of(self.qts, &["qts"]),
            of(self.token, &["token"]),
        ]
        .concat()
    }

    fn number(self) -> usize {
        [self.home_dc, self.primary, self.qts, self.token]
            .into_iter()
            .fold(0, |number, set| number * 2 + usize::from(set))
    }
}

/// What a write expects of the row of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Condition<'a> {
    Absent,
    Present,
    Version(&'a Version),
}

/// Texts that were made.
#[derive(Clone, Debug)]
pub(super) struct Texts {
    /// For each condition and each set of columns.
    heads: [OnceLock<String>; 3 * 16],
    /// For each kind, of one row and of [`CHUNK`] rows, with and without a
    /// look for the version.
    upserts: [OnceLock<String>; KINDS * 4],
}

impl Default for Texts {
    fn default() -> Self {
        Self { heads: [const { OnceLock::new() }; _], upserts: [const { OnceLock::new() }; _] }
    }
}

impl Tables {
    /// Sets `columns` of the row of the session: `?1` is its key, `?2` its new
    /// version; the columns follow, and last the version that is expected.
    pub(super) fn head(&self, columns: Columns, condition: Condition<'_>) -> &str {
        let shape = match condition {
            Condition::Absent => 0,
            Condition::Present => 1,
            Condition::Version(_) => 2,
        };
        self.texts.heads[shape * 16 + columns.number()]
            .get_or_init(|| head(&self.sessions, &columns.names(), condition))
    }

    /// Inserts rows, or gives those that are there the new values: `?1` is the
    /// key of the session, the rows follow. If `guarded`, only if the session
    /// has the version that comes last.
    pub(super) fn upsert(&self, kind: Kind, rows: usize, guarded: bool) -> Cow<'_, str> {
        let make = || {
            let sessions = guarded.then_some(self.sessions.as_str());
            upsert(kind.table(self), kind, rows, sessions)
        };
        match rows {
            1 | CHUNK => {
                let shape = usize::from(rows == CHUNK) * 2 + usize::from(guarded);
                Cow::Borrowed(self.texts.upserts[kind as usize * 4 + shape].get_or_init(make))
            }
            _ => Cow::Owned(make()),
        }
    }
}

impl Tables {
    /// Inserts rows that come `from` a query, or gives those that are there
    /// the new values. Those of a single row are parameters, behind its key from
    /// number `row` on: to name these is shorter.
    pub(super) fn insert(&self, kind: Kind, from: &str, row: Option<usize>) -> String {
        insert(kind.table(self), kind, from, row)
    }
}

fn head(sessions: &str, columns: &[&str], condition: Condition<'_>) -> String {
    let last = columns.len() + 1;
    if condition == Condition::Absent {
        let values: Vec<String> = (1..=last).map(|at| format!("?{at}")).collect();
        let (columns, values) = (columns.join(", "), values.join(", "));
        return format!(
            "INSERT INTO {sessions} (session, {columns}) VALUES ({values}) \
             ON CONFLICT (session) DO NOTHING"
        );
    }
    let set: Vec<String> =
        columns.iter().zip(2..).map(|(column, at)| format!("{column} = ?{at}")).collect();
    let mut sql = format!("UPDATE {sessions} SET {} WHERE session = ?1", set.join(", "));
    if let Condition::Version(_) = condition {
        sql.push_str(&format!(" AND version = ?{}", last + 1));
    }
    sql
}

fn upsert(table: &str, kind: Kind, rows: usize, guarded_by: Option<&str>) -> String {
    let width = kind.width();
    let tuple = |row: usize| {
        let places: Vec<String> =
            (0..width).map(|column| format!("?{}", 2 + row * width + column)).collect();
        format!("(?1, {})", places.join(", "))
    };
    let tuples: Vec<String> = (0..rows).map(tuple).collect();
    let mut values = format!("VALUES {}", tuples.join(", "));
    if let Some(sessions) = guarded_by {
        values = format!(
            "SELECT * FROM ({values}) AS new WHERE EXISTS \
             (SELECT 1 FROM {sessions} WHERE session = ?1 AND version = ?{})",
            2 + rows * width
        );
    }
    insert(table, kind, &values, None)
}

/// Inserts the rows that come `from` somewhere; what is there takes the new
/// values.
fn insert(table: &str, kind: Kind, from: &str, row: Option<usize>) -> String {
    let (key, rest) = kind.columns();
    let set = |(at, column): (usize, &&str)| {
        let new = match row {
            Some(first) => format!("?{}", first + at),
            None => format!("excluded.{column}"),
        };
        match (kind, *column) {
            (Kind::MergedPeer, "access_hash") => {
                format!("access_hash = CASE WHEN {new} = 0 THEN {table}.access_hash ELSE {new} END")
            }
            (_, column) => format!("{column} = {new}"),
        }
    };
    let set: Vec<String> = rest.iter().enumerate().map(set).collect();
    format!(
        "INSERT INTO {table} (session, {}) {from} ON CONFLICT (session, {}) DO UPDATE SET {}",
        [key, rest].concat().join(", "),
        key.join(", "),
        set.join(", ")
    )
}
