//! What holds for every backend that keeps sessions in an SQLite file: the
//! bodies of the tests, for one backend after another.

use crate::golden::{Golden, files};
use crate::sessions::{dc, full, normal, user};
use ferogram_session::{
    CachedPeer, DcFlags, PersistedSession, SessionBackend, SqlExecutor, Statement,
    UpdateStateChange, Value,
};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A backend over a file.
pub trait FileBackend: SessionBackend + Sized {
    /// Its `new`.
    fn at(path: &Path) -> Self;
    /// As [`at`](Self::at), but opened.
    ///
    /// # Errors
    ///
    /// What it says.
    fn opened(path: &Path) -> io::Result<Self>;
    /// Its `in_memory`.
    fn memory() -> Self;
    /// Its `session`.
    #[must_use]
    fn other(&self, name: &str) -> Self;
    /// Its `sessions`.
    fn names(&self) -> Vec<String>;
    /// The database.
    fn database(&self) -> &dyn SqlExecutor;
}

/// Implements [`FileBackend`].
#[macro_export]
macro_rules! file_backend {
    ($backend:ident, $open:ident) => {
        impl $crate::sql_files::FileBackend for $backend {
            fn at(path: &std::path::Path) -> Self {
                Self::new(path)
            }
            fn opened(path: &std::path::Path) -> std::io::Result<Self> {
                Self::$open(path)
            }
            fn memory() -> Self {
                Self::in_memory().unwrap()
            }
            fn other(&self, name: &str) -> Self {
                self.session(name)
            }
            fn names(&self) -> Vec<String> {
                self.sessions().unwrap()
            }
            fn database(&self) -> &dyn ferogram_session::SqlExecutor {
                self.__store().executor()
            }
        }
    };
}

/// A `#[test]` for each of the bodies.
#[macro_export]
macro_rules! file_backend_tests {
    ($backend:ty, $($test:ident)*) => {
        $(
            #[test]
            fn $test() {
                $crate::sql_files::$test::<$backend>();
            }
        )*
    };
    ($backend:ty) => {
        $crate::file_backend_tests! {
            $backend,
            databases_of_every_release_are_taken_over_once_and_left_as_they_are
            many_sessions_share_a_file_and_nothing_else
            every_file_is_readable_by_its_owner_only
            a_deleted_session_leaves_no_key_behind
            what_is_no_database_is_an_error_and_stays
            a_row_that_is_no_record_is_an_error_and_not_skipped
            one_session_in_eight_processes
            two_processes_take_an_older_database_over_once
            granular_calls_equal_load_change_save
            text_comes_back_as_it_was
            the_log_stays_short
            a_long_read_does_not_stop_a_writer
        }
    };
}

/// The rows that a query gives, as text.
#[must_use]
pub fn rows(backend: &impl FileBackend, sql: &str) -> Option<Vec<String>> {
    let mut rows = Vec::new();
    let shown = |value: &Value| match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(value) => value.to_string(),
        Value::Text(text) => format!("{text:?}"),
        Value::Blob(bytes) => format!("{bytes:02x?}"),
    };
    let query = Statement::new(sql.to_owned(), vec![]);
    let result = backend.database().query(&[query], &mut |_, row| {
        rows.push(row.iter().map(shown).collect::<Vec<_>>().join(", "));
        Ok(())
    });
    result.ok().map(|()| rows)
}

fn change(backend: &impl FileBackend, sql: &str) {
    let changed = Statement::new(sql.to_owned(), vec![]).guard();
    assert!(backend.database().batch(&[changed], false).unwrap(), "{sql}");
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Databases of older releases, which may be written to.
fn old_databases(folder: &Path) -> Vec<(String, PathBuf, Option<PersistedSession>)> {
    let copy = |golden: Golden| {
        let path = folder.join(golden.name());
        fs::copy(&golden.path, &path).unwrap();
        (golden.name(), path, golden.expected)
    };
    files("sqlite", "db").into_iter().map(copy).collect()
}

#[allow(missing_docs, reason = "the names say it")]
pub fn databases_of_every_release_are_taken_over_once_and_left_as_they_are<B: FileBackend>() {
    let folder = folder();
    for (name, path, expected) in old_databases(folder.path()) {
        let old_rows = || {
            let old = ["meta", "dcs", "update_state", "channel_pts", "peers", "min_peers"];
            let backend = B::at(&path);
            old.map(|table| rows(&backend, &format!("SELECT * FROM {table}")))
        };
        let before = old_rows();
        assert!(before[..5].iter().all(Option::is_some), "{name}");
        let load = || B::at(&path).load().unwrap().map(normal);
        assert_eq!(load(), expected.clone().map(normal), "{name}");
        assert_eq!(load(), expected.clone().map(normal), "{name}, again");
        assert_eq!(old_rows(), before, "{name}");
        if let Some(mut expected) = expected {
            B::at(&path).set_home_dc(5).unwrap();
            expected.home_dc_id = 5;
            assert_eq!(load(), Some(normal(expected)), "{name}, changed");
            let backend = B::at(&path);
            backend.delete().unwrap();
            drop(backend);
            assert_eq!(load(), None, "{name}, deleted");
            let key: Vec<u8> = (0..64_usize).map(|at| (at * 7 + 2) as u8).collect();
            let bytes = fs::read(&path).unwrap();
            assert!(!bytes.windows(64).any(|window| window == key), "{name} still holds a key");
        }
    }
}

#[allow(missing_docs, reason = "the names say it")]
pub fn many_sessions_share_a_file_and_nothing_else<B: FileBackend>() {
    let folder = folder();
    let first = B::opened(&folder.path().join("sessions.db")).unwrap();
    let second = first.other("a/b%2F \u{fc} \"'");
    first.save(&full(3)).unwrap();
    second.save(&full(5)).unwrap();
    assert_eq!(first.names(), ["a/b%2F \u{fc} \"'", "default"]);
    first.delete().unwrap();
    assert_eq!(first.load().unwrap(), None);
    assert_eq!(second.load().unwrap().map(normal), Some(normal(full(5))));
    assert!(first.other("").load().is_err(), "an empty name is no session");
}

#[allow(missing_docs, reason = "the names say it")]
pub fn every_file_is_readable_by_its_owner_only<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    let backend = B::at(&path);
    assert!(backend.load().unwrap().is_none());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "asking creates nothing");
    backend.save(&full(1)).unwrap();
    let mut seen = Vec::new();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{:?}", entry.file_name());
        }
        seen.push(entry.file_name().into_string().unwrap());
    }
    seen.sort();
    let expected = ["sessions.db", "sessions.db-shm", "sessions.db-wal", "sessions.db.lock"];
    assert_eq!(seen, expected, "the database, its log and its index, and the lock");
}

#[allow(missing_docs, reason = "the names say it")]
pub fn a_deleted_session_leaves_no_key_behind<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    let backend = B::at(&path);
    backend.save(&full(100)).unwrap();
    let key = full(0).dcs[1].auth_key.unwrap();
    let holds = || {
        fs::read_dir(folder.path()).unwrap().any(|entry| {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            bytes.windows(32).any(|window| window == &key[..32])
        })
    };
    assert!(holds(), "or this test looks in the wrong place");
    backend.delete().unwrap();
    assert!(!holds());
}

#[allow(missing_docs, reason = "the names say it")]
pub fn what_is_no_database_is_an_error_and_stays<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    fs::write(&path, vec![b'x'; 4_096]).unwrap();
    let backend = B::at(&path);
    for error in [
        backend.load().map(drop).unwrap_err(),
        backend.save(&full(1)).unwrap_err(),
        backend.delete().unwrap_err(),
        B::opened(&path).map(drop).unwrap_err(),
    ] {
        assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{error}");
        assert!(error.to_string().contains("sessions.db"), "{error}");
    }
    assert_eq!(fs::read(&path).unwrap(), vec![b'x'; 4_096]);
    let nowhere = B::at(&folder.path().join("missing/sessions.db"));
    assert!(nowhere.load().unwrap().is_none());
    assert!(nowhere.save(&full(1)).unwrap_err().to_string().contains("folder"), "says what to do");
}

#[allow(missing_docs, reason = "the names say it")]
pub fn a_row_that_is_no_record_is_an_error_and_not_skipped<B: FileBackend>() {
    let changes = [
        "UPDATE ferogram_dcs SET auth_key = x'00' WHERE auth_key IS NOT NULL",
        "UPDATE ferogram_dcs SET addr = 'elsewhere'",
        "UPDATE ferogram_dcs SET addr = CAST(x'ff' AS TEXT)",
        "UPDATE ferogram_dcs SET flags = 300",
        "UPDATE ferogram_peers SET flags = 1000",
        "UPDATE ferogram_peers SET kind = 9 WHERE kind = 0",
        "UPDATE ferogram_peers SET access_hash = 'text'",
        "UPDATE ferogram_channels SET pts = 1099511627776",
        "UPDATE ferogram_sessions SET pts = 1.5",
        "DELETE FROM ferogram_sessions",
        "UPDATE ferogram_meta SET value = '2' WHERE name = 'schema'",
        "UPDATE ferogram_meta SET value = 'x' WHERE name = 'schema'",
    ];
    for sql in changes {
        let folder = folder();
        let path = folder.path().join("sessions.db");
        B::at(&path).save(&full(3)).unwrap();
        change(&B::at(&path), sql);
        let error = B::at(&path).load().unwrap_err();
        let text = error.to_string();
        assert!(text.contains("sessions.db") && text.contains("load"), "{text}");
        use io::ErrorKind::{InvalidData, Unsupported};
        assert!(matches!(error.kind(), InvalidData | Unsupported), "{text}");
    }
}

#[allow(missing_docs, reason = "the names say it")]
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
    let session = B::at(&path).load().unwrap().unwrap();
    assert_eq!((session.peers.len(), session.dcs.len()), (800, 8));
}

#[allow(missing_docs, reason = "the names say it")]
pub fn two_processes_take_an_older_database_over_once<B: FileBackend>() {
    for _ in 0..10 {
        let folder = folder();
        let golden =
            files("sqlite", "db").into_iter().find(|g| g.name() == "0.6.6-full.db").unwrap();
        let path = folder.path().join("old.db");
        fs::copy(&golden.path, &path).unwrap();
        let barrier = std::sync::Barrier::new(4);
        std::thread::scope(|scope| {
            for id in 0..4 {
                let (path, barrier) = (&path, &barrier);
                scope.spawn(move || {
                    // A connection each, as processes have.
                    let backend = B::at(path);
                    barrier.wait();
                    assert!(backend.load().unwrap().is_some());
                    backend.cache_peer(&user(1_000_000 + id, 1)).unwrap();
                });
            }
        });
        let session = B::at(&path).load().unwrap().unwrap();
        let expected = golden.expected.unwrap();
        assert_eq!(session.peers.len(), expected.peers.len() + 4);
        assert_eq!(session.dcs.len(), normal(expected).dcs.len());
    }
}

#[allow(missing_docs, reason = "the names say it")]
pub fn granular_calls_equal_load_change_save<B: FileBackend>() {
    let backend = B::memory();
    backend.save(&full(50)).unwrap();
    let mut session = full(50);
    backend.apply_update_state(UpdateStateChange::Channel { id: 7, pts: 1 }).unwrap();
    session.updates_state.set_channel_pts(7, 1);
    backend.cache_peer(&CachedPeer { access_hash: 0, ..user(8, 0) }).unwrap();
    backend.apply_update_state(UpdateStateChange::Secondary { qts: -1 }).unwrap();
    session.updates_state.qts = -1;
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(session)));
}

#[allow(missing_docs, reason = "the names say it")]
pub fn text_comes_back_as_it_was<B: FileBackend>() {
    let folder = folder();
    let mut session = full(1);
    session.dcs[0].addr = "a\0b'\"\\ \u{1f600}\u{fffd}".into();
    session.dcs[1].addr = String::new();
    session.future_auth_token = Some(vec![]);
    let backend = B::at(&folder.path().join("sessions.db"));
    backend.save(&session).unwrap();
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(session)));
}

#[allow(missing_docs, reason = "the names say it")]
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

#[allow(missing_docs, reason = "the names say it")]
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
