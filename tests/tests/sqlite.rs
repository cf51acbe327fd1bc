//! What is particular to sessions in an SQLite file.

use ferogram_session::{
    CachedPeer, DcFlags, PersistedSession, SessionBackend, SqliteBackend, UpdateStateChange,
};
use ferogram_session_tests::golden::files;
use ferogram_session_tests::sessions::{dc, full, normal, user};
use std::fs;
use std::path::Path;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Databases of older releases, which may be written to.
fn old_databases(folder: &Path) -> Vec<(String, std::path::PathBuf, Option<PersistedSession>)> {
    let copy = |golden: ferogram_session_tests::golden::Golden| {
        let path = folder.join(golden.name());
        fs::copy(&golden.path, &path).unwrap();
        (golden.name(), path, golden.expected)
    };
    files("sqlite", "db").into_iter().map(copy).collect()
}

#[test]
fn databases_of_every_release_are_taken_over_once_and_left_as_they_are() {
    let folder = folder();
    for (name, path, expected) in old_databases(folder.path()) {
        let before = old_rows(&path);
        let load = || SqliteBackend::new(&path).load().unwrap().map(normal);
        assert_eq!(load(), expected.clone().map(normal), "{name}");
        assert_eq!(load(), expected.clone().map(normal), "{name}, again");
        assert_eq!(old_rows(&path), before, "{name}");
        if let Some(mut expected) = expected {
            SqliteBackend::new(&path).set_home_dc(5).unwrap();
            expected.home_dc_id = 5;
            assert_eq!(load(), Some(normal(expected)), "{name}, changed");
            let backend = SqliteBackend::new(&path);
            backend.delete().unwrap();
            drop(backend);
            assert_eq!(load(), None, "{name}, deleted");
            let key: Vec<u8> = (0..64_usize).map(|at| (at * 7 + 2) as u8).collect();
            let bytes = fs::read(&path).unwrap();
            assert!(!bytes.windows(64).any(|window| window == key), "{name} still holds a key");
        }
    }
}

/// Every row of the older tables, as text.
fn old_rows(path: &Path) -> Vec<String> {
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut all = Vec::new();
    for table in ["meta", "dcs", "update_state", "channel_pts", "peers", "min_peers"] {
        let Ok(mut select) = connection.prepare(&format!("SELECT * FROM {table}")) else {
            continue;
        };
        let columns = select.column_count();
        let mut rows = select.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            all.push(format!(
                "{:?}",
                (0..columns).map(|c| row.get_ref(c).unwrap()).collect::<Vec<_>>()
            ));
        }
    }
    all
}

#[test]
fn many_sessions_share_a_file_and_nothing_else() {
    let folder = folder();
    let first = SqliteBackend::open(folder.path().join("sessions.db")).unwrap();
    let second = first.session("a/b%2F \u{fc} \"'");
    first.save(&full(3)).unwrap();
    second.save(&full(5)).unwrap();
    assert_eq!(first.sessions().unwrap(), ["a/b%2F \u{fc} \"'", "default"]);
    first.delete().unwrap();
    assert_eq!(first.load().unwrap(), None);
    assert_eq!(second.load().unwrap().map(normal), Some(normal(full(5))));
    assert!(first.session("").load().is_err(), "an empty name is no session");
}

#[cfg(unix)]
#[test]
fn every_file_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let path = folder.path().join("sessions.db");
    let backend = SqliteBackend::new(&path);
    assert!(backend.load().unwrap().is_none());
    assert!(!path.exists(), "asking creates nothing");
    backend.save(&full(1)).unwrap();
    let mut seen = 0;
    for entry in fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.file_name());
        seen += 1;
    }
    assert_eq!(seen, 3, "the database, its log and its index");
}

#[test]
fn a_deleted_session_leaves_no_key_behind() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    let backend = SqliteBackend::new(&path);
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

#[test]
fn what_is_no_database_is_an_error_and_stays() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    fs::write(&path, vec![b'x'; 4_096]).unwrap();
    let backend = SqliteBackend::new(&path);
    for error in [
        backend.load().map(drop).unwrap_err(),
        backend.save(&full(1)).unwrap_err(),
        backend.delete().unwrap_err(),
        SqliteBackend::open(&path).map(drop).unwrap_err(),
    ] {
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidData, "{error}");
        assert!(error.to_string().contains("sessions.db"), "{error}");
    }
    assert_eq!(fs::read(&path).unwrap(), vec![b'x'; 4_096]);
    let nowhere = SqliteBackend::new(folder.path().join("missing/sessions.db"));
    assert!(nowhere.load().unwrap().is_none());
    assert!(nowhere.save(&full(1)).unwrap_err().to_string().contains("folder"), "says what to do");
}

#[test]
fn a_row_that_is_no_record_is_an_error_and_not_skipped() {
    let changes = [
        "UPDATE ferogram_dcs SET auth_key = x'00' WHERE auth_key IS NOT NULL",
        "UPDATE ferogram_dcs SET addr = 'elsewhere'",
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
    for change in changes {
        let folder = folder();
        let path = folder.path().join("sessions.db");
        SqliteBackend::new(&path).save(&full(3)).unwrap();
        let connection = rusqlite::Connection::open(&path).unwrap();
        assert!(connection.execute(change, []).unwrap() > 0, "{change}");
        let error = SqliteBackend::new(&path).load().unwrap_err();
        assert!(
            error.to_string().contains("ferogram_") || error.to_string().contains("schema"),
            "{error}"
        );
    }
}

#[test]
fn one_session_in_eight_processes() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    if let Some(nth) = std::env::var_os("SESSION_TEST_NTH") {
        let path = std::env::var_os("SESSION_TEST_PATH").unwrap();
        let nth: i64 = nth.to_str().unwrap().parse().unwrap();
        let backend = SqliteBackend::new(path);
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
    let session = SqliteBackend::new(&path).load().unwrap().unwrap();
    assert_eq!((session.peers.len(), session.dcs.len()), (800, 8));
}

#[test]
fn two_processes_take_an_older_database_over_once() {
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
                    let backend = SqliteBackend::new(path);
                    barrier.wait();
                    assert!(backend.load().unwrap().is_some());
                    backend.cache_peer(&user(1_000_000 + id, 1)).unwrap();
                });
            }
        });
        let session = SqliteBackend::new(&path).load().unwrap().unwrap();
        let expected = golden.expected.unwrap();
        assert_eq!(session.peers.len(), expected.peers.len() + 4);
        assert_eq!(session.dcs.len(), normal(expected).dcs.len());
    }
}

#[test]
fn granular_calls_equal_load_change_save() {
    let backend = SqliteBackend::in_memory().unwrap();
    backend.save(&full(50)).unwrap();
    let mut session = full(50);
    backend.apply_update_state(UpdateStateChange::Channel { id: 7, pts: 1 }).unwrap();
    session.updates_state.set_channel_pts(7, 1);
    backend.cache_peer(&CachedPeer { access_hash: 0, ..user(8, 0) }).unwrap();
    backend.apply_update_state(UpdateStateChange::Secondary { qts: -1 }).unwrap();
    session.updates_state.qts = -1;
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(session)));
}
