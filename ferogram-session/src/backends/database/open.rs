//! A connection while it is open: its settings, its files, its log.

use super::Connection;
use super::executor::explain;
use super::file::{Found, create, look, tighten_all};
use crate::backends::disk::{self, Identity};
use crate::backends::lock::{LockFile, Locked};
use crate::backends::paths::{at, beside, folder, resolve};
use crate::error::SessionError;
use std::cell::Cell;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What every connection begins with. With small pages a small commit writes
/// a quarter; they are final once there is a journal. The cache of pages takes
/// 400 KiB: the records are in memory already. Checkpoints are ours, under
/// the lock; after one the log is cut to this size when it begins anew, so a
/// longer one is worth a checkpoint.
const SET_UP: [&str; 10] = [
    "PRAGMA page_size = 1024",
    "PRAGMA secure_delete = ON",
    "PRAGMA cell_size_check = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA wal_autocheckpoint = 0",
    "PRAGMA cache_size = -400",
    "PRAGMA journal_size_limit = 1048576",
];

const LOG_LIMIT: u64 = 1 << 20;

/// After so many statements the length of the log is looked at. Each writes a
/// few pages, so the log is not much longer than its limit by then.
const LOOK_AFTER: usize = 32;

/// An open connection, and what is known of its files.
pub(super) struct Open<C> {
    pub(super) connection: C,
    /// The file that was opened, behind any symbolic links.
    pub(super) main: Option<PathBuf>,
    identity: Option<Identity>,
    /// Whether only the owner has rights, as far as is known.
    private: Cell<bool>,
    /// Whether the names of the database and its log are durable.
    named: Cell<bool>,
    /// Statements since the length of the log was last looked at.
    unlooked: Cell<usize>,
    /// Whether a login may stand in the log alone: because a reader needed it
    /// there, or because others left a log.
    owed: Cell<bool>,
}

impl<C: Connection> Open<C> {
    /// Opens the file at `path`, which is made if it is not there, or a
    /// database in memory.
    pub(super) fn new(
        path: Option<&Path>,
        lock: &mut LockFile,
        deadline: Instant,
    ) -> io::Result<Self> {
        let main = path.map(resolve).transpose()?;
        if let Some(main) = &main
            && look(main)? == Found::Nothing
        {
            create(main, lock, deadline, |aside| connect::<C>(Some(aside), deadline).map(drop))?;
        }
        // First: if another file takes its place meanwhile, the next call notices.
        let identity = main.as_deref().map(Identity::at).transpose()?;
        // A program that was killed may have owed what stands there.
        let has_log =
            |main: &PathBuf| beside(main, "-wal").metadata().is_ok_and(|log| log.len() > 0);
        let owed = Cell::new(main.as_ref().is_some_and(has_log));
        let connection = connect(main.as_deref(), deadline)?;
        let (private, named) = (Cell::new(false), Cell::new(false));
        Ok(Self {
            connection,
            main,
            identity,
            private,
            named,
            unlooked: Cell::new(LOOK_AFTER),
            owed,
        })
    }

    /// The right to write the database and its log.
    ///
    /// SQLite has locks of its own, but before 3.51.3 they let a checkpoint
    /// run while another connection starts the log anew, and what that one
    /// wrote is then lost from the file. libSQL carries an older one. So all
    /// programs that use this crate, whichever engine they have, write and
    /// checkpoint under this lock; reading needs none.
    pub(super) fn lock<'l>(
        &self,
        lock: &'l mut LockFile,
        deadline: Instant,
    ) -> io::Result<Option<Locked<'l>>> {
        self.main.as_deref().map(|main| lock.lock(main, deadline)).transpose()
    }

    /// Takes the rights of others away, before the first write: whoever only
    /// reads need not be the owner, who alone may do that.
    pub(super) fn tighten(&self) -> io::Result<()> {
        if let Some(main) = &self.main
            && !self.private.get()
        {
            tighten_all(main, &["", "-wal", "-shm"]).map_err(|error| not_ours(main, error))?;
            self.private.set(true);
        }
        Ok(())
    }

    /// Makes durable that the log is this one: an old one that a power cut brings
    /// back would be played over the database. SQLite does so too, and does not
    /// say when it fails. The log is there as long as this connection is.
    pub(super) fn sync_names(&self) -> io::Result<()> {
        if let Some(main) = &self.main
            && !self.named.get()
        {
            let folder = folder(main);
            disk::sync_folder(folder).map_err(|error| at(folder, "sync", error))?;
            self.named.set(true);
        }
        Ok(())
    }

    /// Makes the new length of the log durable, which SQLite leaves to chance:
    /// a power cut could bring back what stood there. It keeps no locks on
    /// this file that closing it would take off.
    pub(super) fn sync_log(&self) -> io::Result<()> {
        let Some(main) = &self.main else { return Ok(()) };
        let log = beside(main, "-wal");
        let synced = disk::open(&log, true).and_then(|file| disk::sync(&file));
        synced.map_err(|error| at(&log, "sync", error))
    }

    /// Whether the log is worth a checkpoint, after so many more statements.
    pub(super) fn is_log_long(&self, statements: usize) -> bool {
        self.unlooked.set(self.unlooked.get() + statements);
        if self.unlooked.get() < LOOK_AFTER {
            return false;
        }
        self.unlooked.set(0);
        let long =
            |main: &Path| beside(main, "-wal").metadata().is_ok_and(|log| log.len() > LOG_LIMIT);
        self.main.as_deref().is_some_and(long)
    }

    /// Moves the log into the database, as far as no reader needs it where it
    /// is. What was committed is safe without that, so nothing of it fails the
    /// call. But SQLite ignores a log from where it is damaged on, without a
    /// word: a login is not to stand there alone, so what a reader keeps there
    /// is moved after the next call that finds it gone.
    pub(super) fn checkpoint(&self) {
        if self.main.is_none() {
            return;
        }
        match self.connection.pragma("PRAGMA wal_checkpoint(PASSIVE)") {
            // Whether it had to stop, the pages of the log, and those moved.
            Ok(said) => self.owed.set(!matches!(said[..], [0, log, moved] if moved >= log)),
            Err(error) => {
                self.owed.set(true);
                let error = explain("shorten its log")(error);
                tracing::warn!(%error, "the log of the database stays long");
            }
        }
    }

    /// Whether the last checkpoint left something.
    pub(super) fn is_owed(&self) -> bool {
        self.owed.get()
    }
}

impl<C> Open<C> {
    /// The connection, if the database is still where it was opened. One to a
    /// file that was removed or replaced is left open for good: when it is
    /// closed, SQLite removes a log by its name, which now may be that of
    /// another database.
    pub(super) fn if_there(self) -> Option<Self> {
        let is_there = match (&self.main, &self.identity) {
            (Some(main), Some(identity)) => {
                cfg!(not(unix)) || identity.look_at(main).is_ok_and(|there| there.is_some())
            }
            _ => true,
        };
        if is_there {
            return Some(self);
        }
        std::mem::forget(self.connection);
        None
    }
}

/// Has the next statement wait for other connections until the deadline, of
/// which others may have taken a part: so one statement at a time.
pub(super) fn wait_until(connection: &impl Connection, deadline: Instant) -> io::Result<()> {
    let left = deadline.saturating_duration_since(Instant::now());
    connection.wait_at_most(left).map_err(explain("set how long it waits"))
}

/// A connection to a file that is there, or to a database in memory.
fn connect<C: Connection>(path: Option<&Path>, deadline: Instant) -> io::Result<C> {
    let failed = explain("open the database");
    let connection = C::open(path).map_err(failed)?;
    for pragma in SET_UP {
        loop {
            wait_until(&connection, deadline)?;
            match connection.pragma(pragma) {
                Ok(_) => break,
                // Changing the journal mode does not wait for others by itself.
                Err(error) if error.is_busy() && Instant::now() < deadline => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                Err(error) => return Err(failed(error)),
            }
        }
    }
    Ok(connection)
}

fn not_ours(main: &Path, error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::PermissionDenied => SessionError::unavailable(format!(
            "{} may be read by others, and this user cannot change that: {error}",
            main.display()
        ))
        .with_kind(io::ErrorKind::PermissionDenied)
        .help("make this user its owner, or have the owner run chmod 600 on it")
        .into(),
        _ => at(main, "take the rights of others away from", error),
    }
}
