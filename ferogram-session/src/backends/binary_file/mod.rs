//! A session in a file: a base, and a journal of what changed since. The
//! layout is in [`format`](crate::format); here is how it gets to the disk.

#[cfg(test)]
mod crash;
#[cfg(test)]
mod flipped;
#[cfg(test)]
mod loaded;
mod now;
mod open;
mod paths;
mod recover;
mod replace;
mod store;

pub(crate) use replace::{read_file, write_file};

use crate::{PersistedSession, SessionBackend as _, SessionCache, SessionError};
use ferogram_session_derive::SessionBackend;
use std::io;
use std::path::{Path, PathBuf};
use store::FileStore;

/// Keeps the session in a file: the backend to begin with.
///
/// A change of a login rewrites the file and is durable when the call
/// returns. Counters and peers are appended, a few bytes for each: they survive
/// the process at once and a power cut from the next rewrite on. Several
/// processes may use one file.
///
/// Beside `bot.session` stand `bot.session.lock`, which holds the process id
/// of the last writer and stays, and `bot.session.prev`, the file as it was
/// before its last rewrite, for [`recover`](Self::recover). All are readable
/// by their owner only. `delete` removes the session and what was kept of it.
///
/// ```
/// use ferogram_session::{BinaryFileBackend, SessionBackend};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("bot.session");
/// let backend = BinaryFileBackend::new(&path);
/// assert!(backend.load()?.is_none());
/// backend.set_home_dc(2)?;
///
/// let again = BinaryFileBackend::new(&path);
/// assert_eq!(again.load()?.map(|session| session.home_dc_id), Some(2));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// Leave the lock where it is, and use one path to a file: a hard link or a
/// second mount of the file alone has another lock beside it, and what is written
/// through the two is lost to each other.
///
/// In a container, mount the folder rather than the file: a mounted file
/// cannot be replaced. A folder that is not there, or that is empty, is no session
/// yet: mount the volume before the client starts. A link into a folder that is
/// not there is an error. Do not go on using a backend after `fork`.
#[derive(SessionBackend, Debug)]
#[session(rows, name = "binary-file")]
pub struct BinaryFileBackend {
    #[session(store)]
    file: FileStore,
    #[session(cache)]
    cache: SessionCache,
}

impl BinaryFileBackend {
    /// The session at `path`, which need not exist yet: the first save makes
    /// the file, but not the folder.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { file: FileStore::new(path.into()), cache: SessionCache::new() }
    }

    /// Where the session is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Makes everything written so far durable, the counters and peers among
    /// it: from then on a power cut takes none of it back.
    ///
    /// # Errors
    ///
    /// What the file system says.
    pub fn checkpoint(&self) -> io::Result<()> {
        self.file.checkpoint().map_err(|error| self.located(error, "checkpoint"))
    }

    /// Mends a damaged file: keeps as much of it as is whole if its logins
    /// are, else goes back to the file as it was before its last rewrite. If
    /// there is none, it takes what login can be made out of a file that was cut
    /// off, or that has no checksum because 0.6.6 wrote it. The damaged file stays
    /// beside it, as `bot.session.damaged`.
    ///
    /// No other call does this by itself: the session may come back older than
    /// it was, and only you know whether that is better than a new login.
    ///
    /// # Errors
    ///
    /// If the file is whole, or there is nothing to mend it from; if there is
    /// only a login that its own checksum contradicts, that is said.
    pub fn recover(&self) -> io::Result<PersistedSession> {
        self.file.recover(false).map_err(|error| self.located(error, "recover"))
    }

    /// [`recover`](Self::recover), and if that finds nothing better, the login
    /// as it stands in the damaged file, although the checksum says that some
    /// byte is not the one that was written. Mostly that is one of a peer or of
    /// a counter. If it is one of the key, Telegram does not know the key
    /// (`AUTH_KEY_UNREGISTERED`, or transport error 404), and a new login is all
    /// that is left.
    ///
    /// # Errors
    ///
    /// If the file is whole, or no login can be made out.
    pub fn recover_unchecked(&self) -> io::Result<PersistedSession> {
        self.file.recover(true).map_err(|error| self.located(error, "recover"))
    }

    fn located(&self, error: io::Error, operation: &'static str) -> io::Error {
        SessionError::locate(error, self.name(), None, operation)
    }
}
