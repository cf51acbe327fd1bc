//! What SQLite says, as what a user can do about it.

use crate::error::SessionError;
use std::io;

/// Why a connection could not do something.
#[derive(Debug)]
pub(in crate::backends) enum Failure {
    /// What SQLite says, with its result code if it gave one.
    Sqlite { code: Option<i32>, message: String },
    /// What the reader of a row says.
    Row(io::Error),
}

// The primary result codes of SQLite, which are part of its file format and
// the same in both engines.
const ERROR: i32 = 1;
const PERM: i32 = 3;
const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const READONLY: i32 = 8;
const CORRUPT: i32 = 11;
const FULL: i32 = 13;
const CANTOPEN: i32 = 14;
const AUTH: i32 = 23;
const NOTADB: i32 = 26;
/// An extended one: an I/O error of this sort.
const SHORT_READ: i32 = 10 | 2 << 8;

impl Failure {
    /// An error of SQLite with its result code, extended or not.
    pub(in crate::backends) fn new(code: Option<i32>, message: impl Into<String>) -> Self {
        let code = match code {
            // The file ends in the middle of a page.
            Some(SHORT_READ) => Some(CORRUPT),
            code => code.map(|code| code & 0xff),
        };
        Self::Sqlite { code, message: message.into() }
    }

    /// Whether another connection is in the way, for now.
    pub(in crate::backends) fn is_busy(&self) -> bool {
        matches!(self, Self::Sqlite { code: Some(BUSY | LOCKED), .. })
    }

    /// The error for the user; `what` was tried.
    pub(in crate::backends) fn explain(self, what: &str) -> io::Error {
        let (code, message) = match self {
            Self::Row(error) => return error,
            Self::Sqlite { code, message } => (code, message),
        };
        let message = format!("SQLite could not {what}: {message}");
        match code {
            Some(CORRUPT | NOTADB) => SessionError::corrupt(message)
                .help("the file was left as it is: restore it from a backup"),
            // Our statements are in order, so it is the tables that are not.
            Some(ERROR) => SessionError::corrupt(message).help(
                "the tables are not as they were made, and were left so: restore the file from a backup",
            ),
            Some(BUSY | LOCKED) => SessionError::timed_out(message).help(
                "another process held the database for 30 seconds: look for a long transaction",
            ),
            Some(FULL) => SessionError::unavailable(message)
                .with_kind(io::ErrorKind::StorageFull)
                .help("make room; what was stored before is still there"),
            Some(READONLY | PERM | AUTH) => SessionError::unavailable(message)
                .with_kind(io::ErrorKind::PermissionDenied)
                .help("give this user the right to write the file and its folder"),
            Some(CANTOPEN) => SessionError::unavailable(message)
                .help("see that the folder exists and that this user may write there"),
            _ => SessionError::unavailable(message),
        }
        .into()
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Row(error)
    }
}
