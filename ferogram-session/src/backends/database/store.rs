//! What a backend over tables offers besides the methods of the trait.

use crate::error::SessionError;
use crate::key;
use crate::mode::RowStore;
use crate::sql::{SqlExecutor, SqlStore};
use crate::sync::Call;
use std::io;

/// Opens the database and creates the tables.
pub(in crate::backends) fn migrate<E: SqlExecutor>(
    store: &SqlStore<E>,
    name: &str,
    session: &str,
) -> io::Result<()> {
    let _call = Call::begin();
    store.migrate().map_err(|error| SessionError::locate(error, name, Some(session), "open"))
}

/// The names of the sessions in the database, in order.
pub(in crate::backends) fn sessions<E: SqlExecutor>(
    store: &SqlStore<E>,
    name: &str,
) -> io::Result<Vec<String>> {
    let _call = Call::begin();
    let keys =
        store.sessions().map_err(|error| SessionError::locate(error, name, None, "sessions"))?;
    let named = |key: String| key::unescape_key(&key).unwrap_or(key);
    let mut sessions: Vec<_> = keys.into_iter().map(named).collect();
    // In the order of what they are called, not of how that is written there.
    sessions.sort_unstable();
    Ok(sessions)
}
