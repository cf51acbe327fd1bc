//! What is particular to sessions in a file of libSQL.

use ferogram_session::{LibSqlBackend, SessionBackend, SqliteBackend};
use ferogram_session_tests::sessions::{full, normal};
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

#[test]
fn names() {
    assert_eq!(LibSqlBackend::new("a/b.db").name(), "a/b.db");
    assert_eq!(LibSqlBackend::memory().name(), ":memory:");
    let remote = LibSqlBackend::remote("libsql://me:secret@a.example/x?authToken=secret", "secret");
    assert_eq!(remote.name(), "libsql://a.example/x");
    assert!(!format!("{remote:?}").contains("secret"));
}
