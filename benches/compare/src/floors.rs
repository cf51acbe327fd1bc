//! What the parts of a call cost by themselves, of which no backend can do
//! without: to see how much of a call is more than that.

use crate::backends::{Folder, Kind};
use crate::measure::Bench;
use ferogram_session::PersistedSession;
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, OpenFlags};
use std::hint::black_box;
use std::io;
use std::path::Path;

pub(crate) fn run(bench: &Bench, session: &PersistedSession, place: &Path) -> io::Result<()> {
    let other = session.clone();
    bench.each("floor/compare two sessions", &mut (), |()| {}, |()| *session == other);
    bench.each("floor/copy a session", &mut (), |()| {}, |()| session.clone());
    let folder = Folder::new(place, "floors")?;
    Kind::Sqlite.open(&folder)?.save(session)?;
    sqlite(bench, &folder).map_err(io::Error::other)
}

/// The statements of our backend, on its database, by nothing but SQLite.
fn sqlite(bench: &Bench, folder: &Folder) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(folder.0.join("bot.db"), flags)?;
    connection.execute_batch(
        "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -400; \
         PRAGMA secure_delete = ON; PRAGMA cell_size_check = ON",
    )?;
    // First: later on the log is long.
    bench.each(
        "floor/sqlite: step through all rows",
        &mut (),
        |()| {},
        |()| {
            let read = [
                "SELECT id, pts FROM ferogram_channels WHERE session = ?1",
                "SELECT kind, id, access_hash, flags FROM ferogram_peers WHERE session = ?1",
                "SELECT user_id, peer_id, msg_id FROM ferogram_min_peers WHERE session = ?1",
            ]
            .map(|sql| connection.prepare_cached(sql).and_then(step));
            assert!(read.iter().all(Result::is_ok));
        },
    );
    let mut count = 0;
    bench.batch("floor/sqlite: change the row of a session", || {
        count += 1;
        let changed = connection
            .prepare_cached(
                "UPDATE ferogram_sessions SET version = ?2, pts = ?3, date = ?3, seq = 1 WHERE session = ?1",
            )
            .and_then(|mut update| {
                update.execute(("default", format!("{count:032x}"), count))
            });
        assert_eq!(changed, Ok(1));
    });
    bench.batch("floor/sqlite: change the rows of a session and of a peer", || {
        count += 1;
        let both = connection.execute_batch("BEGIN IMMEDIATE").and_then(|()| {
            connection
                .prepare_cached("UPDATE ferogram_sessions SET version = ?2 WHERE session = ?1")?
                .execute(("default", format!("{count:032x}")))?;
            connection
                .prepare_cached("INSERT OR REPLACE INTO ferogram_peers VALUES (?1, 0, ?2, ?3, 0)")?
                .execute(("default", count % 1_000, count))?;
            connection.execute_batch("COMMIT")
        });
        assert_eq!(both, Ok(()));
    });
    Ok(())
}

fn step(mut select: CachedStatement<'_>) -> rusqlite::Result<()> {
    let columns = select.column_count();
    select.raw_bind_parameter(1, "default")?;
    let mut rows = select.raw_query();
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            if let ValueRef::Integer(value) = row.get_ref(column)? {
                black_box(value);
            }
        }
    }
    Ok(())
}
