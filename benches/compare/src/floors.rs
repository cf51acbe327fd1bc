//! What the parts of a call cost by themselves: to see how much of a call is more than
//! that. They are what a call of ours does at least, by what it promises: its lock and the
//! row of the version are among them, and a backend that promises less can do without.

use crate::backends::{Folder, Kind};
use crate::fresh;
use crate::measure::Bench;
use crate::session::{Rng, seen_again};
use ferogram_session::{CachedPeer, PersistedSession};
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, OpenFlags};
use std::cell::Cell;
use std::fs::{self, File};
use std::hint::black_box;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Mutex;

pub(crate) fn run(bench: &Bench, session: &PersistedSession, place: &Path) -> io::Result<()> {
    let lock = Mutex::new(0_u64);
    thread_local!(static CALLS: Cell<u64> = const { Cell::new(0) });
    bench.batch("floor/take a lock, and look at the thread", || {
        CALLS.set(CALLS.get() + 1);
        if let Ok(mut count) = lock.lock() {
            *count += 1;
        }
    });
    bench.each("floor/copy a session", &mut (), |()| {}, |()| session.clone());
    rows(bench, &session.peers);
    let folder = Folder::new(place, "floors")?;
    system(bench, &folder)?;
    Kind::File.open(&folder)?.save(session)?;
    fresh::touch(bench, "floor/in a new process: read the file, fill a session", &folder);
    Kind::Sqlite.open(&folder)?.save(session)?;
    sqlite(bench, &folder, session.peers.len()).map_err(io::Error::other)
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
    // As a table of hashes finds them, at most half of which is filled; the client's
    // order is another each time.
    let mask = (peers.len() * 2).next_power_of_two() - 1;
    let home = |id: i64| {
        let wide = u128::from(id as u64 ^ 0x5e55) * 0x9E37_79B9_7F4A_7C15;
        (wide as usize ^ (wide >> 64) as usize) & mask
    };
    let mut places = vec![u32::MAX; mask + 1];
    for (at, peer) in held.iter().enumerate() {
        let mut slot = home(peer.id);
        while places[slot] != u32::MAX {
            slot = (slot + 1) & mask;
        }
        places[slot] = at as u32;
    }
    let find = |peer: &CachedPeer| {
        let mut slot = home(peer.id);
        loop {
            match held.get(places[slot] as usize) {
                Some(row) if row.id == peer.id => return same(row, peer),
                Some(_) => slot = (slot + 1) & mask,
                None => return false,
            }
        }
    };
    // Many places first, then the rows there: so many are on their way from memory at
    // a time.
    let find_all = |peers: &[CachedPeer]| {
        let (blocks, rest) = peers.as_chunks::<64>();
        let mut found = rest.iter().filter(|peer| find(peer)).count();
        for block in blocks {
            let first: [u32; 64] = std::array::from_fn(|nth| places[home(block[nth].id)]);
            let met: [bool; 64] = std::array::from_fn(|nth| {
                held.get(first[nth] as usize).is_some_and(|row| same(row, &block[nth]))
            });
            let is_met = |(peer, met): &(&CachedPeer, bool)| *met || find(peer);
            found += block.iter().zip(met).filter(is_met).count();
        }
        found
    };
    let mut state = (peers.to_vec(), Rng::new(19));
    bench.each(
        "floor/look all peers up",
        &mut state,
        |(peers, rng)| rng.shuffle(peers),
        |(peers, _)| black_box(find_all(peers)),
    );
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
        black_box(std::process::id());
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
fn sqlite(bench: &Bench, folder: &Folder, peers: usize) -> rusqlite::Result<()> {
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
    let mut count = 0_i64;
    bench.batch("floor/sqlite: change the row of a session", || {
        count += 1;
        let changed = connection
            .prepare_cached(
                "UPDATE ferogram_sessions SET version = ?2, pts = ?3, date = ?3, seq = 1 WHERE session = ?1",
            )
            .and_then(|mut update| {
                update.execute(("default", format!("{count:022}"), count))
            });
        assert_eq!(changed, Ok(1));
        shorten(count, &connection);
    });
    let mut rng = Rng::new(7);
    bench.batch("floor/sqlite: change the rows of a session and of a peer", || {
        count += 1;
        let peer = seen_again(peers, &mut rng);
        let both = connection.execute_batch("BEGIN IMMEDIATE").and_then(|()| {
            connection
                .prepare_cached("UPDATE ferogram_sessions SET version = ?2 WHERE session = ?1")?
                .execute(("default", format!("{count:022}")))?;
            connection
                .prepare_cached("INSERT OR REPLACE INTO ferogram_peers VALUES (?1, ?2, ?3, ?4, 0)")?
                .execute(("default", peer.kind() as i64, peer.id, peer.access_hash))?;
            connection.execute_batch("COMMIT")
        });
        assert_eq!(both, Ok(()));
        shorten(count, &connection);
    });
    Ok(())
}

/// As often as our backend does it: a log that only grows would be cheaper or dearer
/// than one that begins anew.
fn shorten(count: i64, connection: &Connection) {
    if count % 1_000 == 0 {
        let done = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |_| Ok(()));
        assert_eq!(done, Ok(()));
    }
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
