//! Several programs and threads on one file.

use super::{FileBackend, folder, rows};
use crate::golden::files;
use crate::sessions::{dc, full, normal, user};
use ferogram_session::{DcFlags, PersistedSession, Statement, UpdateStateChange};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

pub fn one_session_in_eight_processes<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    if let Some(nth) = std::env::var_os("SESSION_TEST_NTH") {
        let path = std::env::var_os("SESSION_TEST_PATH").unwrap();
        let nth: i64 = nth.to_str().unwrap().parse().unwrap();
        let backend = B::at(Path::new(&path));
        for id in 0..100 {
            backend.cache_peer(&user(nth * 1_000 + id, 1)).unwrap();
            if id % 25 == 0 {
                backend.update_dc(&dc(nth as i32 + 10, DcFlags::NONE, Some(id as u8 + 1))).unwrap();
            }
            assert!(backend.load().unwrap().is_some());
        }
        return;
    }
    // All of them create the tables at the same time, too.
    let run = |nth: i64| {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "one_session_in_eight_processes", "--nocapture"]);
        command.env("SESSION_TEST_NTH", nth.to_string()).env("SESSION_TEST_PATH", &path);
        command.spawn().unwrap()
    };
    let processes: Vec<_> = (0..8).map(run).collect();
    for mut process in processes {
        assert!(process.wait().unwrap().success());
    }
    let expected = PersistedSession {
        dcs: (10..18).map(|id| dc(id, DcFlags::NONE, Some(76))).collect(),
        peers: (0..8).flat_map(|nth| (0..100).map(move |id| user(nth * 1_000 + id, 1))).collect(),
        ..PersistedSession::default()
    };
    assert_eq!(B::at(&path).load().unwrap().map(normal), Some(normal(expected)));
    let mut left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    // The log and its index go with the last connection.
    left.retain(|name| !name.ends_with("-wal") && !name.ends_with("-shm"));
    assert_eq!(left, ["sessions.db", "sessions.db.lock"]);
}

pub fn the_log_stays_short<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    let (backend, reader) = (B::at(&path), B::at(&path));
    let mut session = full(2_000);
    let mut longest = 0;
    for round in 0..60 {
        session.peers.iter_mut().for_each(|peer| peer.access_hash += 1);
        session.updates_state.pts = round;
        backend.save(&session).unwrap();
        assert_eq!(reader.load().unwrap().unwrap().updates_state.pts, round);
        longest = longest.max(fs::metadata(path.with_extension("db-wal")).unwrap().len());
    }
    assert!(longest < 4 << 20, "the log has grown to {longest} bytes");
    assert_eq!(rows(&backend, "PRAGMA integrity_check").unwrap(), ["\"ok\""]);
}

pub fn a_long_read_does_not_stop_a_writer<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    let (backend, reader) = (B::at(&path), B::at(&path));
    backend.save(&full(10)).unwrap();
    let mut seen = 0;
    let query = "SELECT id FROM ferogram_peers";
    let queries = [Statement::new(query, vec![]), Statement::new(query, vec![])];
    reader
        .database()
        .query(&queries, &mut |_, _| {
            // In the middle of a snapshot.
            backend.cache_peer(&user(100 + seen, 1)).unwrap();
            seen += 1;
            Ok(())
        })
        .unwrap();
    assert_eq!(seen, 26, "one state of the database, for both queries");
    assert_eq!(backend.load().unwrap().unwrap().peers.len(), 13 + 26);
}

/// A reader keeps pages in the log, which may be damaged where a database is
/// not: a login is moved as soon as the reader is done.
pub fn a_login_made_beside_a_reader_does_not_stay_in_the_log<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    let (backend, reader) = (B::at(&path), B::at(&path));
    backend.save(&full(10)).unwrap();
    let mut key = dc(5, DcFlags::NONE, Some(99));
    let query = Statement::new("SELECT id FROM ferogram_peers", vec![]);
    reader
        .database()
        .query(&[query], &mut |_, _| {
            key.time_offset += 1;
            backend.cache_peer(&user(100, 1)).unwrap();
            backend.update_dc(&key).unwrap();
            Ok(())
        })
        .unwrap();
    backend.cache_peer(&user(101, 1)).unwrap();
    let elsewhere = folder.path().join("without its log.db");
    fs::copy(&path, &elsewhere).unwrap();
    let session = B::at(&elsewhere).load().unwrap().unwrap();
    assert!(session.dcs.contains(&key));
}

/// A program that was killed knew that it owed that; the next one sees it by
/// the log.
pub fn a_login_that_others_left_in_the_log_is_moved<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    // Whoever closes a database last empties its log.
    let (backend, reader, last) = (B::at(&path), B::at(&path), B::at(&path));
    backend.save(&full(10)).unwrap();
    last.load().unwrap();
    let key = dc(5, DcFlags::NONE, Some(99));
    let query = Statement::new("SELECT id FROM ferogram_peers LIMIT 1", vec![]);
    let write = &mut |_: usize, _: &[_]| backend.update_dc(&key);
    reader.database().query(&[query], write).unwrap();
    drop((backend, reader));
    let elsewhere = folder.path().join("without its log.db");
    let has_key = || {
        fs::copy(&path, &elsewhere).unwrap();
        B::at(&elsewhere).load().unwrap().unwrap().dcs.contains(&key)
    };
    assert!(!has_key(), "the reader did not keep it in the log");
    let qts = UpdateStateChange::Secondary { qts: 7 };
    B::at(&path).apply_update_state(qts).unwrap();
    assert!(has_key());
}

/// SQLite before 3.51.3 must not checkpoint while another connection writes.
pub fn writers_share_a_lock_and_readers_need_none<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    let backend = B::at(&path);
    backend.save(&full(1)).unwrap();
    assert_eq!(rows(&backend, "PRAGMA wal_autocheckpoint").unwrap(), ["0"]);
    let lock = fs::File::options().write(true).open(path.with_extension("db.lock")).unwrap();
    lock.lock().unwrap();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let began = Instant::now();
            B::at(&path).set_home_dc(5).unwrap();
            began.elapsed()
        });
        std::thread::sleep(Duration::from_millis(300));
        assert_eq!(B::at(&path).load().unwrap().unwrap().home_dc_id, 2);
        lock.unlock().unwrap();
        assert!(writer.join().unwrap() >= Duration::from_millis(250));
    });
    let holder = fs::read_to_string(path.with_extension("db.lock")).unwrap();
    assert_eq!(holder.trim(), std::process::id().to_string(), "for whoever waits in vain");
    // Somebody removed the lock while nobody held it.
    fs::remove_file(path.with_extension("db.lock")).unwrap();
    backend.set_home_dc(4).unwrap();
    assert_eq!(backend.load().unwrap().unwrap().home_dc_id, 4);
}

/// A file closed anywhere in a program takes the program's locks off it; then
/// another program, when it closes the database, takes itself for the last one
/// and removes the log that this one goes on writing to.
pub fn a_second_connection_leaves_the_locks_of_the_first<B: FileBackend>() {
    const NAME: &str = "a_second_connection_leaves_the_locks_of_the_first";
    if let Some(path) = std::env::var_os("SESSION_TEST_PATH") {
        assert!(B::at(Path::new(&path)).load().unwrap().is_some());
        return;
    }
    let folder = folder();
    let path = folder.path().join("sessions.db");
    let first = B::at(&path);
    first.save(&full(1)).unwrap();
    let second = B::at(&path);
    second.set_home_dc(4).unwrap();
    let mut other = std::process::Command::new(std::env::current_exe().unwrap());
    other.args(["--exact", NAME, "--nocapture"]).env("SESSION_TEST_PATH", &path);
    assert!(other.status().unwrap().success());
    first.update_dc(&dc(9, DcFlags::NONE, Some(9))).unwrap();
    let session = B::at(&path).load().unwrap().unwrap();
    assert!(session.dcs.iter().any(|dc| dc.dc_id == 9), "what was acknowledged is gone");
}

#[cfg(unix)]
pub fn a_symbolic_link_is_the_same_database<B: FileBackend>() {
    let folder = folder();
    let (path, link) = (folder.path().join("real.db"), folder.path().join("link.db"));
    std::os::unix::fs::symlink("real.db", &link).unwrap();
    let (linked, plain) = (B::at(&link), B::at(&path));
    linked.save(&full(1)).unwrap();
    plain.set_home_dc(5).unwrap();
    assert_eq!(linked.load().unwrap().unwrap().home_dc_id, 5);
    let beside = |name: &str| folder.path().join(name).exists();
    assert!(beside("real.db.lock") && !beside("link.db.lock"), "one lock, or it locks nobody out");
}

#[cfg(unix)]
pub fn what_is_no_file_is_left_alone<B: FileBackend>() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let path = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o622)).unwrap();
    let backend = B::at(&path);
    for error in [backend.load().map(drop).unwrap_err(), backend.save(&full(1)).unwrap_err()] {
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput, "{error}");
    }
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o622);
}

/// A program that goes on with a connection to a file that is gone would write
/// where nobody reads.
#[cfg(unix)]
pub fn a_database_that_was_removed_is_made_anew<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    let (backend, other) = (B::at(&path), B::at(&path));
    backend.save(&full(3)).unwrap();
    assert!(other.load().unwrap().is_some());
    for suffix in ["", "-wal", "-shm"] {
        fs::remove_file(path.with_extension(format!("db{suffix}"))).unwrap();
    }
    assert!(other.load().unwrap().is_none());
    let key = dc(3, DcFlags::NONE, Some(3));
    backend.update_dc(&key).unwrap();
    assert_eq!(other.load().unwrap().unwrap().dcs, std::slice::from_ref(&key));
    // Whoever closes a connection to the old file leaves the new one's log.
    drop((backend, other));
    assert_eq!(B::at(&path).load().unwrap().unwrap().dcs, [key]);
}

/// Each starts when the others do.
pub fn processes_take_an_older_database_over_once<B: FileBackend>() {
    const NAME: &str = "processes_take_an_older_database_over_once";
    if let Some(path) = std::env::var_os("SESSION_TEST_PATH") {
        let path = Path::new(&path);
        let nth: i64 = std::env::var("SESSION_TEST_NTH").unwrap().parse().unwrap();
        fs::write(path.with_extension(format!("ready-{nth}")), "").unwrap();
        let until = Instant::now() + Duration::from_secs(60);
        while !path.with_extension("start").exists() && Instant::now() < until {
            std::thread::yield_now();
        }
        let backend = B::at(path);
        assert!(backend.load().unwrap().is_some());
        return backend.cache_peer(&user(1_000_000 + nth, 1)).unwrap();
    }
    let golden = files("sqlite", "db").into_iter().find(|g| g.name() == "0.6.6-full.db").unwrap();
    let expected = normal(golden.expected.unwrap());
    for _ in 0..3 {
        let folder = folder();
        let path = folder.path().join("old.db");
        fs::copy(&golden.path, &path).unwrap();
        let run = |nth: i64| {
            let mut command = std::process::Command::new(std::env::current_exe().unwrap());
            command.args(["--exact", NAME, "--nocapture"]);
            command.env("SESSION_TEST_NTH", nth.to_string()).env("SESSION_TEST_PATH", &path);
            command.stdout(std::process::Stdio::null()).spawn().unwrap()
        };
        let processes: Vec<_> = (0..4).map(run).collect();
        let ready = |nth: i64| path.with_extension(format!("ready-{nth}")).exists();
        let until = Instant::now() + Duration::from_secs(60);
        while !(0..4).all(ready) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(5));
        }
        fs::write(path.with_extension("start"), "").unwrap();
        for mut process in processes {
            assert!(process.wait().unwrap().success());
        }
        let mut session = normal(B::at(&path).load().unwrap().unwrap());
        let (added, taken_over) = session
            .peers
            .drain(..)
            .partition(|peer| (1_000_000..1_000_004).contains(&peer.id) && peer.access_hash == 1);
        let added: Vec<_> = added;
        session.peers = taken_over;
        assert_eq!((added.len(), normal(session)), (4, expected.clone()));
    }
}
