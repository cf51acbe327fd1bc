//! What is particular to sessions in a file of libSQL.

use ferogram_session::{DcFlags, LibSqlBackend, SessionBackend, SqliteBackend, UpdateStateChange};
use ferogram_session_tests::sessions::{dc, full, normal, user};
use ferogram_session_tests::sql_files::{FileBackend, rows};

ferogram_session_tests::file_backend_tests!(LibSqlBackend);

#[test]
fn the_engine_is_libsqls_for_both_backends() {
    let version = "SELECT sqlite_version()";
    assert_eq!(rows(&LibSqlBackend::memory(), version).unwrap(), ["\"3.47.0\""]);
    assert_eq!(rows(&SqliteBackend::memory(), version).unwrap(), ["\"3.47.0\""]);
}

#[test]
fn both_backends_may_use_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sessions.db");
    let (first, second) = (LibSqlBackend::new(&path), SqliteBackend::new(&path));
    first.save(&full(3)).unwrap();
    second.set_home_dc(5).unwrap();
    let expected = normal(ferogram_session::PersistedSession { home_dc_id: 5, ..full(3) });
    assert_eq!(first.load().unwrap().map(normal), Some(expected));
}

/// Handles of both kinds in threads of one process, each with a connection.
#[test]
fn both_backends_write_one_file_at_once_and_lose_nothing() {
    fn write(backend: &dyn SessionBackend, nth: i64) {
        for at in 0..40 {
            // Without a hash, what is stored has to be known.
            backend.cache_peer(&user(1_000 * nth + at, at % 2)).unwrap();
            let pts = UpdateStateChange::Channel { id: nth, pts: at as i32 };
            backend.apply_update_state(pts).unwrap();
            if at % 10 == 0 {
                let key = dc(10 + nth as i32, DcFlags::NONE, Some(at as u8 + 1));
                backend.update_dc(&key).unwrap();
            }
            assert!(backend.load().unwrap().is_some());
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = &folder.path().join("sessions.db");
    std::thread::scope(|scope| {
        for nth in (0..8).step_by(2) {
            scope.spawn(move || write(&LibSqlBackend::new(path), nth));
            scope.spawn(move || write(&SqliteBackend::new(path), nth + 1));
        }
    });
    let session = LibSqlBackend::new(path).load().unwrap().unwrap();
    assert_eq!((session.peers.len(), session.dcs.len()), (320, 8));
    assert!(
        session.dcs.iter().all(|entry| entry.auth_key == dc(0, DcFlags::NONE, Some(31)).auth_key)
    );
    let mut channels = session.updates_state.channels;
    channels.sort_unstable();
    assert_eq!(channels, (0..8).map(|nth| (nth, 39)).collect::<Vec<_>>());
    assert_eq!(rows(&SqliteBackend::new(path), "PRAGMA integrity_check").unwrap(), ["\"ok\""]);
}

#[test]
fn names() {
    assert_eq!(LibSqlBackend::new("a/b.db").name(), "a/b.db");
    assert_eq!(LibSqlBackend::memory().name(), ":memory:");
    let remote = LibSqlBackend::remote("libsql://me:secret@a.example/x?authToken=secret", "secret");
    assert_eq!(remote.name(), "libsql://a.example/x");
    assert!(!format!("{remote:?}").contains("secret"));
}
