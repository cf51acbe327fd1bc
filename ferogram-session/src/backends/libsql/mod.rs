mod address;
mod call;
mod explain;
mod literal;
mod local;
mod remote;
#[cfg(feature = "libsql-remote-session")]
mod replica;
mod row;

#[cfg(any(test, fuzzing))]
pub(super) use literal::render;
pub(super) use local::LocalConnection;

use super::database::{Database, database_backend};
use crate::sql::{SqlExecutor, SqlStore};
use crate::{Blocking, SessionCache};
use address::Address;
use ferogram_session_derive::SessionBackend;
use remote::Remote;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// Keeps sessions in libSQL: in a file, in memory, on a server (Turso or
/// `sqld`), or in a copy of a server's database.
///
/// Every constructor and method works from anywhere: from async code, from a
/// plain thread, from `spawn_blocking`. Not across `fork`. A call ends after 30
/// seconds, whatever it waits for.
///
/// ```
/// use ferogram_session::{LibSqlBackend, SessionBackend};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("sessions.db");
/// let first = LibSqlBackend::new(&path);
/// let second = first.session("second bot");
/// first.set_home_dc(2)?;
/// second.set_home_dc(4)?;
/// assert_eq!(first.sessions()?, ["default", "second bot"]);
///
/// // Opened on first use.
/// let on_a_server = LibSqlBackend::remote("libsql://bots.example.io", "a token");
/// assert_eq!(on_a_server.name(), "libsql://bots.example.io");
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # A file
///
/// As with `SqliteBackend`, and the two may use one file: a login is durable
/// when the call returns, several processes wait for each other, all files are
/// readable by their owner only, `delete` leaves no key behind, and a file of
/// `ferogram-session` 0.3.0 to 0.6.6 is taken over. The path has to be UTF-8.
///
/// libSQL carries SQLite 3.47, in which a checkpoint that runs while another
/// connection begins the log anew can damage the file (the "WAL-reset bug", to
/// 3.51.2). So this crate turns SQLite's own checkpoints off, and writes and
/// checkpoints under one lock, `<file>.lock`, which all its programs share,
/// with either engine. Let no other program write or checkpoint the file while
/// one of them runs; reading it is harmless.
///
/// # A server
///
/// A call is one request, in which a transaction begins and ends; what the
/// server acknowledged is as safe as the server keeps it. A token that is
/// refused is [`SessionError::Rejected`](crate::SessionError::Rejected) with the
/// server's reason. If a connection breaks, the call is repeated once; an error
/// after that leaves open whether a write took effect, and the next call finds
/// out. The address may begin with `libsql://`, `https://` or, without TLS,
/// `http://`; one that the server does not speak is an error that names the other.
/// Trusted is what the system trusts, or what the file holds that `SSL_CERT_FILE`
/// names. What was deleted may stay in the server's free pages, logs and backups.
#[derive(SessionBackend, Debug)]
#[session(rows(key = "{session}"))]
pub struct LibSqlBackend {
    #[session(store)]
    store: Arc<SqlStore<Box<dyn SqlExecutor>>>,
    #[session(cache)]
    cache: SessionCache,
    #[session(name)]
    name: String,
    session: String,
}

impl LibSqlBackend {
    /// The file at `path`, opened on first use and created with the first
    /// save. What is wrong with it is the error of that call.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.display().to_string();
        Self::over(Box::new(Database::<LocalConnection>::at(path)), name)
    }

    /// As [`new`](Self::new), but opens the file at once, and creates it if it
    /// is not there.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened, is no database, or was written by a newer
    /// release.
    pub fn open_local(path: impl Into<PathBuf>) -> io::Result<Self> {
        Self::new(path).opened()
    }

    /// A database that lives as long as this backend and those made from it
    /// by [`session`](Self::session).
    ///
    /// # Errors
    ///
    /// If libSQL cannot be started.
    pub fn in_memory() -> io::Result<Self> {
        Self::open_local(":memory:")
    }

    /// A database on a server, `libsql://..` or `https://..`; opened on first
    /// use. What is wrong with address or token is the error of that call.
    pub fn remote(url: impl Into<String>, token: impl Into<String>) -> Self {
        let address = Address::new(url.into(), token.into());
        let name = address.shown().to_owned();
        Self::over(Box::new(Blocking::new(Remote::new(address))), name)
    }

    /// As [`remote`](Self::remote), but asks the server at once, and creates
    /// the tables if they are not there.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached, or does not accept the token.
    pub fn open_remote(url: impl Into<String>, token: impl Into<String>) -> io::Result<Self> {
        Self::remote(url, token).opened()
    }

    /// A copy at `path` of a database on a server: reads come from the copy,
    /// brought up to date before, and writes go to the server. Asks the server
    /// at once, and creates the tables if they are not there.
    ///
    /// While the server is down, `load` gives what the copy holds and logs a
    /// warning; a copy that was never filled is an error, not "no session".
    /// Writes fail then. A program has a copy to itself. `delete` throws the
    /// copy away; the next call fetches it again.
    ///
    /// # Errors
    ///
    /// If the server does not accept the token; if it cannot be reached and
    /// the copy was never filled; if another program has the copy open.
    #[cfg(feature = "libsql-remote-session")]
    pub fn open_replica(
        path: impl Into<PathBuf>,
        url: impl Into<String>,
        token: impl Into<String>,
    ) -> io::Result<Self> {
        let path = path.into();
        let address = Address::new(url.into(), token.into());
        let name = format!("{} (replica of {})", path.display(), address.shown());
        Self::over(Box::new(Blocking::new(replica::Replica::new(path, address))), name).opened()
    }

    /// For tests: a server that is not waited for as long, and that has one
    /// name at every address.
    #[cfg(feature = "testing")]
    #[doc(hidden)]
    pub fn __remote(url: &str, token: &str, deadline: std::time::Duration) -> Self {
        let address = Address::new(url.into(), token.into());
        let server = Blocking::new(Remote::new(address)).with_deadline(deadline);
        Self::over(Box::new(server), "libsql-server".to_owned())
    }
}

database_backend!(LibSqlBackend, Box<dyn SqlExecutor>);
