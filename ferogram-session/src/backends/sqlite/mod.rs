#[cfg(all(test, feature = "testing", not(feature = "async")))]
mod alone;
#[cfg(not(feature = "libsql-session"))]
mod connection;

#[cfg(not(feature = "libsql-session"))]
pub(super) use connection::RusqliteConnection;

use super::database::{Database, database_backend};
use crate::SessionCache;
use crate::sql::SqlStore;
use ferogram_session_derive::SessionBackend;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// Keeps sessions in an SQLite file: one, or one for each of many accounts.
///
/// A login is durable when the call returns; counters and peers survive the
/// process at once, and a power cut from the next login or checkpoint on.
/// Several processes may use one file: they wait for each other, 30 seconds at
/// most for all that a call waits for.
///
/// ```
/// use ferogram_session::{SessionBackend, SqliteBackend};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("sessions.db");
/// let first = SqliteBackend::new(&path);
/// let second = first.session("second bot");
/// first.set_home_dc(2)?;
/// second.set_home_dc(4)?;
/// assert_eq!(first.sessions()?, ["default", "second bot"]);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// A file of `ferogram-session` 0.3.0 to 0.6.6 is taken over when it is first
/// used; its tables stay until `delete()`.
///
/// An empty file, as `touch` leaves it, holds no session yet. One that was in use
/// and is empty now, or gone while its `-wal` is there, is damage. If the whole
/// database is removed, so are its sessions, whether or not its `.lock` stays. Only while no backend of this
/// program uses it, open the file by other means, to copy it for instance: when
/// a program closes a file, it loses all locks that it has on it.
///
/// The file, its `-wal`, its `-shm` and its `.lock` are readable by their owner
/// only; one that others may read is closed to them by the first write, which
/// is an error for any other user than its owner. `delete` overwrites what it
/// removes and empties the `-wal`; if a reader holds that until the 30 seconds
/// are over, it says so. For a session that was taken over it writes the whole
/// file anew, because older releases overwrote nothing; that takes as much memory
/// as the file is long.
///
/// What is damaged is an error as far as SQLite or a checksum tells; an auth key
/// is never another one than was stored. A damaged `-wal` counts as one that ends
/// there: what was written after the last login may be gone. A bit that
/// changed in the file can go unseen in the token, the home DC, a counter or a
/// peer.
///
/// A program has one engine: with the feature `libsql-session` this backend
/// runs on libSQL's, and otherwise on that of rusqlite. Programs with either
/// may use one file, and write it under the lock `<file>.lock`; other programs
/// should only read it meanwhile (see `LibSqlBackend`).
#[derive(SessionBackend, Debug)]
#[session(rows(key = "{session}"))]
pub struct SqliteBackend {
    #[session(store)]
    store: Arc<SqlStore<Database>>,
    #[session(cache)]
    cache: SessionCache,
    #[session(name)]
    name: String,
    session: String,
}

impl SqliteBackend {
    /// The file at `path`, opened on first use and created with the first
    /// save. What is wrong with it is the error of that call.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.display().to_string();
        Self::over(Database::at(path), name)
    }

    /// As [`new`](Self::new), but opens the file at once, and creates it if it
    /// is not there.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened, is no database, or was written by a newer
    /// release.
    pub fn open(path: impl Into<PathBuf>) -> io::Result<Self> {
        Self::new(path).opened()
    }

    /// A database that lives as long as this backend and those made from it
    /// by [`session`](Self::session).
    ///
    /// # Errors
    ///
    /// If SQLite cannot be started.
    pub fn in_memory() -> io::Result<Self> {
        Self::open(":memory:")
    }
}

database_backend!(SqliteBackend, Database);
