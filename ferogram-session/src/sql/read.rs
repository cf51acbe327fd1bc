//! Rows as records. Whatever a row holds that is no record is an error.

use super::home;
use super::schema::Tables;
use super::{SqlExecutor, Statement, Value};
use crate::data::{CachedMinPeer, CachedPeer, ChannelKind, DcEntry, DcFlags, PersistedSession};
use crate::error::SessionError;
use crate::mode::Version;
use crate::records::Records;
use std::io;

const DC_COLUMNS: &str = "dc_id, class, flags, addr, auth_key, first_salt, time_offset, checksum";

/// The whole session, as one state.
pub(super) fn read(
    executor: &dyn SqlExecutor,
    tables: &Tables,
    key: &str,
) -> io::Result<Option<(Records, Version)>> {
    first(executor, tables, key, 5)
}

/// What the login depends on, if that can be read: of a session of any size a
/// few rows.
pub(super) fn login(
    executor: &dyn SqlExecutor,
    tables: &Tables,
    key: &str,
) -> io::Result<Option<(Records, Version)>> {
    first(executor, tables, key, 2)
}

/// Of the first `kinds` tables.
fn first(
    executor: &dyn SqlExecutor,
    tables: &Tables,
    key: &str,
    kinds: usize,
) -> io::Result<Option<(Records, Version)>> {
    let mut session = PersistedSession::default();
    let version = rows(executor, tables, key, kinds, &mut session)?;
    Ok(version.map(|version| (Records::from(session), version)))
}

/// Reads the rows of the first `kinds` tables.
fn rows(
    executor: &dyn SqlExecutor,
    tables: &Tables,
    key: &str,
    kinds: usize,
    session: &mut PersistedSession,
) -> io::Result<Option<Version>> {
    let Tables { sessions, dcs, channels, peers, min_peers, .. } = tables;
    let tables = [
        (sessions, "version, home_dc, pts, qts, date, seq, token"),
        (dcs, DC_COLUMNS),
        (channels, "id, pts"),
        (peers, "kind, id, access_hash, flags"),
        (min_peers, "user_id, peer_id, msg_id"),
    ];
    let select = |(table, columns): (&String, &str)| {
        Statement::new(
            format!("SELECT {columns} FROM {table} WHERE session = ?1"),
            vec![key.into()],
        )
    };
    let mut queries: Vec<_> = tables.into_iter().take(kinds).map(select).collect();
    executor.dialect().adapt(&mut queries);
    let mut version = None;
    executor.query(&queries, &mut |query, row| {
        let row = Row { table: tables[query].0, values: row };
        match query {
            0 => {
                version = Some(Version::new(row.text(0)?));
                session.home_dc_id = home::dc(row.i64(1)?)
                    .ok_or_else(|| row.damaged(1, "does not match its check"))?;
                let state = &mut session.updates_state;
                (state.pts, state.qts) = (row.i32(2)?, row.i32(3)?);
                (state.date, state.seq) = (row.i32(4)?, row.i32(5)?);
                session.future_auth_token = row.optional_blob(6)?.map(<[u8]>::to_vec);
            }
            1 => session.dcs.push(dc(row.table, row.values)?),
            2 => session.updates_state.channels.push((row.i64(0)?, row.i32(1)?)),
            3 => session.peers.push(peer(&row)?),
            _ => session.min_peers.push(CachedMinPeer {
                user_id: row.i64(0)?,
                peer_id: row.i64(1)?,
                msg_id: row.i32(2)?,
            }),
        }
        Ok(())
    })?;
    // Every write begins with the row of the session.
    if version.is_none() && !session.dcs.is_empty() {
        return Err(SessionError::corrupt(format!(
            "{dcs} has datacentres of a session that {sessions} does not have"
        ))
        .help("restore the row from a backup, or call `delete()` to begin anew")
        .into());
    }
    if version.is_some() && !has_home_key(session) && executor.stops_at_guard() {
        strays(executor, sessions, dcs, key, session.home_dc_id)?;
    }
    Ok(version)
}

fn has_home_key(session: &PersistedSession) -> bool {
    let PersistedSession { home_dc_id, dcs, .. } = session;
    *home_dc_id == 0 || dcs.iter().any(|dc| dc.dc_id == *home_dc_id && dc.auth_key.is_some())
}

/// A row in whose key a bit has changed belongs to no session, and neither it
/// nor its neighbours are found where they are looked for. So where a key is
/// missing, all rows are gone through, in their own order; in a database in
/// this process, where that costs little. A row that belonged to another
/// session, by its name, is no reason to keep this one from its login.
fn strays(
    executor: &dyn SqlExecutor,
    sessions: &str,
    dcs: &str,
    key: &str,
    home_dc: i32,
) -> io::Result<()> {
    let corrupt = |what: String| {
        SessionError::corrupt(format!("the key of DC {home_dc} is not there, and {dcs} {what}"))
            .help("restore the database from a backup, or remove that row to begin anew")
    };
    // The plus keeps SQLite from looking where it looked before.
    let queries = [
        Statement::new(
            format!(
                "SELECT {DC_COLUMNS}, CAST(session AS BLOB) FROM {dcs} AS dc WHERE NOT EXISTS \
                 (SELECT 1 FROM {sessions} AS of WHERE of.session = dc.session)"
            ),
            vec![],
        ),
        Statement::new(
            format!(
                "SELECT 1 WHERE (SELECT count(*) FROM {dcs} WHERE session = ?1) \
                 <> (SELECT count(*) FROM {dcs} WHERE +session = ?1)"
            ),
            vec![key.into()],
        ),
    ];
    executor.query(&queries, &mut |query, row| {
        if query == 1 {
            return Err(corrupt("has rows of this session in the wrong place".into()).into());
        }
        // If not even its number can be told, it may be this one.
        if dc(dcs, row)?.dc_id != home_dc {
            return Ok(());
        }
        match row.last() {
            Some(Value::Blob(name)) if !is_one_change_away(name, key.as_bytes()) => {
                let lost = String::from_utf8_lossy(name);
                tracing::warn!(%lost, "{dcs} has rows of a session that {sessions} does not have");
                Ok(())
            }
            _ => Err(corrupt(format!(
                "has a row of that DC of a session that {sessions} does not have"
            ))
            .into()),
        }
    })
}

/// Whether one byte was changed, taken away or added, at most.
fn is_one_change_away(name: &[u8], other: &[u8]) -> bool {
    let start = name.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (name, other) = (&name[start..], &other[start..]);
    let end = name.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    name.len().max(other.len()) - end <= 1
}

/// A row of datacentres in `table`.
pub(super) fn dc(table: &str, values: &[Value]) -> io::Result<DcEntry> {
    let row = Row { table, values };
    let auth_key = match row.optional_blob(4)? {
        Some(key) => Some(
            <[u8; 256]>::try_from(key).map_err(|_| row.damaged(4, "is not a key of 256 bytes"))?,
        ),
        None => None,
    };
    let flags = u8::try_from(row.i64(2)?).map_err(|_| row.damaged(2, "is larger than a byte"))?;
    let dc = DcEntry {
        dc_id: row.i32(0)?,
        addr: row.text(3)?.to_owned(),
        auth_key,
        first_salt: row.i64(5)?,
        time_offset: row.i32(6)?,
        flags: DcFlags(flags),
    };
    if row.i64(1)? != i64::from(dc.flags.class()) {
        return Err(row.damaged(1, "does not match the flags"));
    }
    // One that changed in older tables while they were taken over has none.
    if !row.is_null(7) && row.i64(7)? != dc_checksum(&dc) {
        return Err(row.damaged(7, "does not match the row"));
    }
    Ok(dc)
}

/// A checksum over what a login depends on.
pub(crate) fn dc_checksum(dc: &DcEntry) -> i64 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&dc.dc_id.to_le_bytes());
    hasher.update(&[dc.flags.0, u8::from(dc.auth_key.is_some())]);
    hasher.update(dc.auth_key.as_ref().map_or(&[], <[u8; 256]>::as_slice));
    hasher.update(&dc.first_salt.to_le_bytes());
    hasher.update(&dc.time_offset.to_le_bytes());
    hasher.update(dc.addr.as_bytes());
    hasher.finalize().into()
}

const IS_CHANNEL: i64 = 1;
const IS_CHAT: i64 = 2;
const IS_COMMUNITY: i64 = 4;
const KIND_SHIFT: i64 = 3;

/// Channel, chat and community as bits, and one more than the channel kind.
pub(crate) fn peer_flags(peer: &CachedPeer) -> i64 {
    let bits =
        [(peer.is_channel, IS_CHANNEL), (peer.is_chat, IS_CHAT), (peer.is_community, IS_COMMUNITY)];
    let kind = peer.channel_kind.map_or(0, |kind| i64::from(kind.to_byte()) + 1);
    bits.iter().filter(|(set, _)| *set).map(|(_, bit)| bit).sum::<i64>() | kind << KIND_SHIFT
}

fn peer(row: &Row<'_>) -> io::Result<CachedPeer> {
    let flags = row.i64(3)?;
    let channel_kind = match flags >> KIND_SHIFT {
        0 => None,
        kind => Some(
            u8::try_from(kind - 1)
                .ok()
                .and_then(ChannelKind::from_byte)
                .ok_or_else(|| row.damaged(3, "has no such channel kind"))?,
        ),
    };
    let peer = CachedPeer {
        id: row.i64(1)?,
        access_hash: row.i64(2)?,
        is_channel: flags & IS_CHANNEL != 0,
        is_chat: flags & IS_CHAT != 0,
        channel_kind,
        is_community: flags & IS_COMMUNITY != 0,
    };
    if row.i64(0)? != peer.kind() as i64 {
        return Err(row.damaged(0, "does not match the flags"));
    }
    Ok(peer)
}

/// A row with its table, to say where something is wrong.
struct Row<'a> {
    table: &'a str,
    values: &'a [Value],
}

impl<'a> Row<'a> {
    fn i64(&self, column: usize) -> io::Result<i64> {
        match self.values.get(column) {
            Some(Value::Integer(value)) => Ok(*value),
            _ => Err(self.damaged(column, "is not a number")),
        }
    }

    fn i32(&self, column: usize) -> io::Result<i32> {
        i32::try_from(self.i64(column)?).map_err(|_| self.damaged(column, "is larger than 32 bits"))
    }

    fn text(&self, column: usize) -> io::Result<&'a str> {
        match self.values.get(column) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(self.damaged(column, "is not text")),
        }
    }

    fn optional_blob(&self, column: usize) -> io::Result<Option<&'a [u8]>> {
        match self.values.get(column) {
            Some(Value::Null) => Ok(None),
            Some(Value::Blob(bytes)) => Ok(Some(bytes)),
            _ => Err(self.damaged(column, "is not bytes")),
        }
    }

    fn is_null(&self, column: usize) -> bool {
        matches!(self.values.get(column), Some(Value::Null))
    }

    fn damaged(&self, column: usize, what: &str) -> io::Error {
        SessionError::corrupt(format!("{}: column {} of a row {what}", self.table, column + 1))
            .help("restore the table from a backup; nothing was changed")
            .into()
    }
}
