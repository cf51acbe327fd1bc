//! Damage: what is said of it, and damage in a database, done in its tables.

use ferogram_session::{SessionError, SqlExecutor, Statement};
use std::io;

/// Stops the test unless this says that what is stored is damaged, where, and
/// what to do.
///
/// # Panics
///
/// If something of that is missing.
#[track_caller]
pub fn names_place_and_remedy(error: &io::Error, what: &str) {
    names_remedy(error, what);
    let details = SessionError::of(error).unwrap().details();
    let offset = details.offset().unwrap_or_else(|| panic!("{what}: no offset in {error}"));
    assert!(error.to_string().contains(&format!(" (at byte {offset})")), "{what}: {error}");
}

/// The same of what has no offsets.
///
/// # Panics
///
/// If something of that is missing.
#[track_caller]
pub fn names_remedy(error: &io::Error, what: &str) {
    assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{what}: {error}");
    let Some(SessionError::Corrupt(details)) = SessionError::of(error) else {
        panic!("{what}: not taken for damage: {error:?}");
    };
    let help = details.help().unwrap_or_else(|| panic!("{what}: no remedy in {error}"));
    assert!(error.to_string().ends_with(&format!("; {help}")), "{what}: {error}");
    assert!(!details.message().trim().is_empty(), "{what}: {error}");
}

/// A datacentre's key is another one.
///
/// # Panics
///
/// If there is none, or the database does not take it.
pub fn another_key(database: &dyn SqlExecutor, session: &str) {
    alter(
        database,
        "UPDATE ferogram_dcs SET auth_key = zeroblob(256) WHERE session = ?1 AND auth_key IS NOT NULL",
        session,
    );
}

/// The session's own row is gone, and its datacentres are not.
///
/// # Panics
///
/// If there is none, or the database does not take it.
pub fn no_head(database: &dyn SqlExecutor, session: &str) {
    alter(database, "DELETE FROM ferogram_sessions WHERE session = ?1", session);
}

fn alter(database: &dyn SqlExecutor, sql: &str, session: &str) {
    let statement = Statement::new(sql, vec![session.into()]).guard();
    assert!(database.batch(&[statement], true).unwrap(), "nothing to damage");
}
