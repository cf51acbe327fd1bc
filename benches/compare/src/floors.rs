//! What the parts of a call cost by themselves, of which no backend can do
//! without: to see how much of a call is more than that.

use crate::backends::{Folder, Kind};
use crate::fresh;
use crate::measure::Bench;
use ferogram_session::{CachedPeer, PersistedSession};
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, OpenFlags};
use std::fs::{self, File};
use std::hint::black_box;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Instant;

pub(crate) fn run(bench: &Bench, session: &PersistedSession, place: &Path) -> io::Result<()> {
    bench.batch("floor/read the clock", || {
        black_box(Instant::now());
    });
    bench.each("floor/copy a session", &mut (), |()| {}, |()| session.clone());
    rows(bench, &session.peers);
    let folder = Folder::new(place, "floors")?;
    system(bench, &folder)?;
    Kind::File.open(&folder)?.save(session)?;
    fresh::touch(bench, "floor/in a new process: read the file, fill a session", &folder);
    Kind::Sqlite.open(&folder)?.save(session)?;
    sqlite(bench, &folder).map_err(io::Error::other)
}

/// Peers compared with those that are held.
fn rows(bench: &Bench, peers: &[CachedPeer]) {
    let same = |a: &CachedPeer, b: &CachedPeer| {
        (a.id == b.id)
            & (a.access_hash == b.access_hash)
            & (a.is_channel == b.is_channel)
            & (a.is_chat == b.is_chat)
            & (a.is_community == b.is_community)
            & (a.channel_kind == b.channel_kind)
    };
    let held = peers.to_vec();
    let all_same = || {
        let blocks = held.as_chunks::<16>().0.iter().zip(peers.as_chunks::<16>().0);
        blocks
            .map(|(a, b)| a.iter().zip(b).fold(true, |all, (a, b)| all & same(a, b)))
            .fold(true, |all, block| all & block)
    };
    bench.each("floor/compare all peers", &mut (), |()| {}, |()| black_box(all_same()));
    // As a table of hashes has them: a place for each, and in it where the row is.
    let mut places: Vec<u32> = (0..peers.len() as u32).collect();
    let mut state = 1_u64;
    for at in (1..places.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        places.swap(at, (state >> 33) as usize % (at + 1));
    }
    let mut hashes = places.clone();
    hashes.reverse();
    let look_up = || {
        let row = |hash: &u32| &held[places[*hash as usize] as usize];
        hashes.iter().zip(peers).filter(|(hash, peer)| same(row(hash), peer)).count()
    };
    bench.each("floor/look all peers up", &mut (), |()| {}, |()| black_box(look_up()));
}

/// The system calls that the safety of a call takes, as strace counts them.
fn system(bench: &Bench, folder: &Folder) -> io::Result<()> {
    let [data, lock] = ["data", "lock"].map(|name| folder.0.join(name));
    fs::write(&lock, "1\n")?;
    let file = File::create_new(&data)?;
    let locked = File::options().read(true).write(true).open(&lock)?;
    let mut bytes = [0; 22];
    let look = |times: u32| -> io::Result<()> {
        locked.lock()?;
        for _ in 0..times {
            black_box(fs::metadata(&data)?);
        }
        Ok(())
    };
    bench.batch("floor/sqlite: the lock of a call", || {
        assert!(look(2).and_then(|()| locked.unlock()).is_ok());
    });
    let mut at = 0;
    bench.batch("floor/file: the system calls of a change", || {
        let done = look(5)
            .and_then(|()| locked.read_at(&mut bytes, 0))
            .and_then(|_| locked.read_at(&mut bytes, 0))
            .and_then(|_| file.write_all_at(&bytes[..18], at))
            .and_then(|()| locked.unlock());
        assert!(done.is_ok());
        at = (at + 18) % 1_000_000;
    });
    Ok(())
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
