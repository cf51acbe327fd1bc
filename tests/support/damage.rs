//! Damage in a database, done in its tables.

use ferogram_session::{SqlExecutor, Statement};

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
