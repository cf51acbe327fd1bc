//! The backends that come with the crate: structs with the derive, a store,
//! and constructors; nothing else.

mod binary_file;
#[cfg(any(feature = "sqlite-session", feature = "libsql-session"))]
mod database;
mod disk;
mod embedded;
#[cfg(test)]
mod faults;
#[cfg(feature = "libsql-session")]
mod libsql;
mod lock;
mod memory;
mod paths;
#[cfg(feature = "sqlite-session")]
mod sqlite;
mod string;

pub use binary_file::BinaryFileBackend;
pub(crate) use binary_file::{read_file, write_file};
pub use embedded::Embedded;
#[cfg(feature = "libsql-session")]
pub use libsql::LibSqlBackend;
pub use memory::{InMemoryBackend, MemoryStore};
#[cfg(feature = "sqlite-session")]
pub use sqlite::SqliteBackend;
pub use string::StringSessionBackend;

/// For [`fuzzing`](crate::fuzzing).
#[cfg(all(any(test, fuzzing), feature = "libsql-session"))]
pub(crate) mod seam {
    use super::database::Connection;
    use super::libsql::LocalConnection;
    use crate::sql::{Statement, Value};

    pub(crate) fn render(statement: &Statement<'_>) -> String {
        let mut script = String::new();
        super::libsql::render(statement, &mut script);
        script
    }

    thread_local! {
        static ENGINE: Option<LocalConnection> = LocalConnection::open(None).ok();
    }

    /// The last row that libSQL's engine answers with.
    pub(crate) fn select(sql: &str) -> Option<Vec<Value>> {
        let mut read = None;
        let mut row = |row: &[Value]| {
            read = Some(row.to_vec());
            Ok(())
        };
        ENGINE.with(|engine| engine.as_ref()?.select(sql, &[], &mut row).ok());
        read
    }
}
