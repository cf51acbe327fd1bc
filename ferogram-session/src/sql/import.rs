//! The tables of `ferogram-session` 0.1 to 0.6.6, which hold one session
//! without a key: taken over once, in one transaction, and left as they are
//! until that session is deleted.

use super::schema::Tables;
use super::statements::dc_row;
use super::store::find_tables;
use super::{Dialect, SqlExecutor, Statement, Value, home, read};
use crate::error::SessionError;
use crate::mode::Version;
use std::collections::HashSet;
use std::io;

/// The key that the session gets: that of a backend that does not name one.
pub(super) const KEY: &str = "default";

/// The older tables. The last is not there in the oldest.
const OLD: [&str; 6] = ["meta", "dcs", "update_state", "channel_pts", "peers", "min_peers"];

/// Those that every release had.
const EVERY_RELEASE: &[&str] = OLD.split_at(5).0;

/// Whether there are older tables with a session that was not taken over yet.
pub(super) fn is_due(
    executor: &dyn SqlExecutor,
    tables: &Tables,
    has_schema: bool,
) -> io::Result<bool> {
    if executor.dialect() != Dialect::Sqlite {
        return Ok(false);
    }
    let old = old_tables(executor)?;
    if old.is_empty() || (has_schema && is_done(executor, tables)?) {
        return Ok(false);
    }
    // Opening a database made the tables, but only a save put something in.
    let any = |table: &&str| format!("EXISTS (SELECT 1 FROM {table})");
    let any: Vec<String> = old.iter().map(any).collect();
    if !answers(executor, &format!("SELECT 1 WHERE {}", any.join(" OR ")))? {
        return Ok(false);
    }
    if let Some(missing) = EVERY_RELEASE.iter().find(|table| !old.contains(table)) {
        return Err(SessionError::corrupt(format!(
            "the table `{missing}` is gone, and other tables of an older release are there"
        ))
        .help("restore the tables from a backup; nothing was changed")
        .into());
    }
    Ok(true)
}

/// Takes the session over, unless another process does.
pub(super) fn run(executor: &dyn SqlExecutor, tables: &Tables) -> io::Result<()> {
    let old = old_tables(executor)?;
    let version = Version::fresh().to_string();
    let statement = |sql: String| Statement::new(sql, vec![KEY.into(), version.as_str().into()]);
    let Tables { meta, sessions, dcs, channels, peers, min_peers, .. } = tables;
    let ours = format!("EXISTS (SELECT 1 FROM {sessions} WHERE session = ?1 AND version = ?2)");
    let mut statements = vec![
        statement(format!(
            "INSERT INTO {sessions} (session, version, home_dc, pts, qts, date, seq, token) \
             SELECT ?1, ?2, COALESCE((SELECT value FROM meta WHERE key = 'home_dc_id'), 0), \
             COALESCE((SELECT pts FROM update_state), 0), COALESCE((SELECT qts FROM update_state), 0), \
             COALESCE((SELECT date FROM update_state), 0), COALESCE((SELECT seq FROM update_state), 0), \
             (SELECT value FROM meta WHERE key = 'future_auth_token') \
             WHERE NOT EXISTS (SELECT 1 FROM {meta} WHERE name = 'import') \
             ON CONFLICT (session) DO NOTHING"
        ))
        .guard(),
        // Of two rows of one address the one with a key wins, else the first:
        // so that one comes last and overwrites the other.
        statement(format!(
            "INSERT INTO {dcs} (session, dc_id, class, flags, addr, auth_key, first_salt, time_offset) \
             SELECT ?1, dc_id, flags & 11, flags, addr, auth_key, first_salt, time_offset FROM dcs \
             WHERE {ours} ORDER BY auth_key IS NOT NULL, rowid DESC \
             ON CONFLICT (session, dc_id, class) DO UPDATE SET flags = excluded.flags, \
             addr = excluded.addr, auth_key = excluded.auth_key, \
             first_salt = excluded.first_salt, time_offset = excluded.time_offset"
        )),
        statement(format!(
            "INSERT INTO {channels} (session, id, pts) SELECT ?1, channel_id, pts FROM channel_pts \
             WHERE {ours} ON CONFLICT DO NOTHING"
        )),
        statement(import_peers(executor, peers, &ours)?),
    ];
    for row in sound_dcs(executor)? {
        let columns = "dc_id, class, flags, addr, auth_key, first_salt, time_offset";
        let same = columns.split(", ").zip(3..).map(|(column, at)| format!("{column} IS ?{at}"));
        let same = same.collect::<Vec<_>>().join(" AND ");
        let sql =
            format!("UPDATE {dcs} SET checksum = ?10 WHERE session = ?1 AND {same} AND {ours}");
        let params = [KEY.into(), version.as_str().into()].into_iter().chain(row).collect();
        statements.push(Statement::new(sql, params));
    }
    if let Some(dc) = home_dc(executor)? {
        let sql = format!(
            "UPDATE {sessions} SET home_dc = ?3 WHERE session = ?1 AND version = ?2 AND home_dc = ?4"
        );
        let params = vec![KEY.into(), version.as_str().into(), home::column(dc).into(), dc.into()];
        statements.push(Statement::new(sql, params));
    }
    if old.contains(&"min_peers") {
        statements.push(statement(format!(
            "INSERT INTO {min_peers} (session, user_id, peer_id, msg_id) \
             SELECT ?1, user_id, peer_id, msg_id FROM min_peers WHERE {ours} ON CONFLICT DO NOTHING"
        )));
    }
    statements.push(statement(format!(
        "INSERT INTO {meta} (name, value) SELECT 'import', 'done' WHERE {ours}"
    )));
    // False: another process was first.
    executor.batch(&statements, true).map(drop)
}

/// Statements that take the rows out of the older tables, which would
/// otherwise keep the keys of a session that was deleted.
pub(super) fn clear(executor: &dyn SqlExecutor) -> io::Result<Vec<Statement<'static>>> {
    let old = old_tables(executor)?.into_iter();
    Ok(old.map(|table| Statement::new(format!("DELETE FROM {table}"), vec![])).collect())
}

/// The home datacentre, which gets its check as the datacentres do.
fn home_dc(executor: &dyn SqlExecutor) -> io::Result<Option<i32>> {
    let mut found = None;
    let sql = "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'home_dc_id'";
    executor.query(&[Statement::new(sql, vec![])], &mut |_, row| {
        if let [Value::Integer(dc)] = row {
            found = i32::try_from(*dc).ok();
        }
        Ok(())
    })?;
    Ok(found)
}

/// The datacentres as they are to be, with their checksums, which SQL cannot
/// make. The rows are copied all the same: one that changes before that, or
/// that is damaged, gets no checksum for what is not in it.
fn sound_dcs(executor: &dyn SqlExecutor) -> io::Result<Vec<[Value; 8]>> {
    let columns = "dc_id, flags & 11, flags, addr, auth_key, first_salt, time_offset, NULL";
    let mut sound = Vec::new();
    let query = Statement::new(format!("SELECT {columns} FROM dcs"), vec![]);
    executor.query(&[query], &mut |_, row| {
        sound.extend(read::dc("dcs", row).ok().as_ref().map(dc_row));
        Ok(())
    })?;
    Ok(sound)
}

fn import_peers(executor: &dyn SqlExecutor, peers: &str, ours: &str) -> io::Result<String> {
    let mut columns = HashSet::new();
    let query = Statement::new("SELECT name FROM pragma_table_info('peers')", vec![]);
    executor.query(&[query], &mut |_, row| {
        if let [Value::Text(name)] = row {
            columns.insert(name.clone());
        }
        Ok(())
    })?;
    // Columns came one after another.
    let flag = |name: &str| {
        if columns.contains(name) { format!("({name} != 0)") } else { "0".to_owned() }
    };
    let (channel, chat, community) = (flag("is_channel"), flag("is_chat"), flag("is_community"));
    let kind = if columns.contains("channel_kind") {
        "CASE WHEN channel_kind IN (0, 1, 2) THEN channel_kind + 1 ELSE 0 END"
    } else {
        "0"
    };
    Ok(format!(
        "INSERT INTO {peers} (session, kind, id, access_hash, flags) \
         SELECT ?1, CASE WHEN {community} THEN 3 WHEN {chat} THEN 1 WHEN {channel} THEN 2 ELSE 0 END, \
         id, access_hash, {channel} + 2 * {chat} + 4 * {community} + 8 * ({kind}) FROM peers \
         WHERE {ours} ON CONFLICT DO NOTHING"
    ))
}

/// The older tables that are there. Some of these names may be those of
/// anybody's tables: it takes most of them, or datacentres with their keys.
fn old_tables(executor: &dyn SqlExecutor) -> io::Result<Vec<&'static str>> {
    let found = find_tables(executor, None, &OLD)?;
    let of_every_release = EVERY_RELEASE.iter().filter(|table| found.contains(table)).count();
    let keys = "SELECT 1 FROM dcs WHERE EXISTS \
                (SELECT 1 FROM pragma_table_info('dcs') WHERE name = 'auth_key')";
    let are_old = of_every_release + 1 >= EVERY_RELEASE.len()
        || (found.contains(&"dcs") && answers(executor, keys)?);
    Ok(if are_old { found } else { Vec::new() })
}

fn is_done(executor: &dyn SqlExecutor, tables: &Tables) -> io::Result<bool> {
    answers(executor, &format!("SELECT 1 FROM {} WHERE name = 'import'", tables.meta))
}

/// Whether a query gives a row.
fn answers(executor: &dyn SqlExecutor, sql: &str) -> io::Result<bool> {
    let mut any = false;
    executor.query(&[Statement::new(sql, vec![])], &mut |_, _| {
        any = true;
        Ok(())
    })?;
    Ok(any)
}
