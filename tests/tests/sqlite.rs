//! What is particular to sessions in an SQLite file.

#[cfg(not(feature = "libsql"))]
#[path = "sqlite/two_engines.rs"]
mod two_engines;

use ferogram_session::SqliteBackend;
use ferogram_session_tests::sql_files::{FileBackend, rows};

ferogram_session_tests::file_backend_tests!(SqliteBackend);

/// One engine per program: libSQL's if it is there, else that of rusqlite.
#[test]
fn the_engine_is_the_one_that_is_linked() {
    let version = rows(&SqliteBackend::memory(), "SELECT sqlite_version()").unwrap().remove(0);
    assert_eq!(version == "\"3.47.0\"", cfg!(feature = "libsql"), "{version}");
}
