//! What SQLite says, as what a user can do about it.

use crate::error::SessionError;
use rusqlite::{Error, ErrorCode};
use std::io;

/// An error of SQLite; `what` was tried.
pub(super) fn failure(what: &str, error: Error) -> io::Error {
    let code = match &error {
        Error::SqliteFailure(failure, _) => Some(failure.code),
        _ => None,
    };
    let message = format!("SQLite could not {what}: {error}");
    match code {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            SessionError::corrupt(message)
                .help("the file was left as it is: restore it from a backup")
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => SessionError::timed_out(
            message,
        )
        .help("another process held the database for 30 seconds: look for a long transaction"),
        Some(ErrorCode::DiskFull) => SessionError::unavailable(message)
            .with_kind(io::ErrorKind::StorageFull)
            .help("make room; what was stored before is still there"),
        Some(
            ErrorCode::ReadOnly
            | ErrorCode::PermissionDenied
            | ErrorCode::AuthorizationForStatementDenied,
        ) => SessionError::unavailable(message)
            .with_kind(io::ErrorKind::PermissionDenied)
            .help("give this user the right to write the file and its folder"),
        Some(ErrorCode::CannotOpen) => SessionError::unavailable(message)
            .help("see that the folder exists and that this user may write there"),
        _ => SessionError::unavailable(message),
    }
    .caused_by(error)
    .into()
}

/// Whether another connection is in the way, for now.
pub(super) fn is_busy(error: &Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}
