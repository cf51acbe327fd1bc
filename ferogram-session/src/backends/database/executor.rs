use super::file::{Found, create, look, tighten_all};
use super::{Connection, Engine, Failure};
use crate::backends::disk::{self, Identity};
use crate::backends::lock::{LockFile, Locked};
use crate::backends::paths::{at, beside, folder, resolve};
use crate::error::SessionError;
use crate::sql::{Dialect, SqlExecutor, Statement, Value};
use crate::sync::{DEADLINE, Timed};
use std::cell::Cell;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What every connection begins with. Small pages halve what a small commit
/// writes; they are final once there is a journal. The cache of pages takes
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

/// A database over one connection that is opened on first use.
pub(in crate::backends) struct Database<C = Engine> {
    /// Where it is, unless in memory.
    path: Option<PathBuf>,
    state: Timed<State<C>>,
}

struct State<C> {
    lock: LockFile,
    open: Option<Open<C>>,
}

struct Open<C> {
    connection: C,
    /// The file that was opened, behind any symbolic links.
    main: Option<PathBuf>,
    identity: Option<Identity>,
    /// Whether only the owner has rights, as far as is known.
    private: Cell<bool>,
    /// Whether the names of the database and its log are durable.
    named: Cell<bool>,
    /// Statements since the length of the log was last looked at.
    unlooked: Cell<usize>,
}

impl<C> Default for State<C> {
    fn default() -> Self {
        Self { lock: LockFile::default(), open: None }
    }
}

impl<C: Connection> Database<C> {
    /// The file at `path`, or a database in memory if that is `:memory:`.
    pub(in crate::backends) fn at(path: PathBuf) -> Self {
        let path = (path.as_os_str() != ":memory:").then_some(path);
        Self { path, state: Timed::default() }
    }

    /// Whether there is something to open without creating it.
    fn exists(&self) -> io::Result<bool> {
        match &self.path {
            Some(path) => Ok(look(&resolve(path)?)? == Found::Database),
            None => Ok(true),
        }
    }

    fn open(&self, lock: &mut LockFile, deadline: Instant) -> io::Result<Open<C>> {
        let main = self.path.as_deref().map(resolve).transpose()?;
        if let Some(main) = &main
            && look(main)? == Found::Nothing
        {
            create(main, lock, deadline, |aside| connect::<C>(Some(aside), deadline).map(drop))?;
        }
        let connection = connect(main.as_deref(), deadline)?;
        let identity = main.as_deref().map(Identity::at).transpose()?;
        let unlooked = Cell::new(LOOK_AFTER);
        Ok(Open {
            connection,
            main,
            identity,
            private: Cell::new(false),
            named: Cell::new(false),
            unlooked,
        })
    }

    /// Runs `call` with the connection. After an error it is closed: what
    /// state it is in is then not worth knowing. Where there is no database,
    /// it is made, unless `absent` is the answer then.
    fn with<T>(
        &self,
        absent: Option<T>,
        call: impl FnOnce(&Open<C>, &mut LockFile, Instant) -> io::Result<T>,
    ) -> io::Result<T> {
        let deadline = Instant::now() + DEADLINE;
        let mut state = self.state.lock(deadline).ok_or_else(|| {
            SessionError::timed_out("another thread did not give the connection back")
        })?;
        let State { lock, open } = &mut *state;
        let kept = open.take().and_then(Open::if_there);
        let open = match (kept, absent) {
            (Some(open), _) => open,
            (None, Some(absent)) if !self.exists()? => return Ok(absent),
            (None, _) => self.open(lock, deadline)?,
        };
        let result = call(&open, lock, deadline);
        // A database in memory ends with its connection.
        if result.is_ok() || open.main.is_none() {
            if !open.connection.is_autocommit() {
                let _ = open.connection.execute("ROLLBACK", &[]);
            }
            state.open = Some(open);
        } else {
            drop(open.if_there());
        }
        result
    }
}

impl<C> Drop for State<C> {
    fn drop(&mut self) {
        drop(self.open.take().and_then(Open::if_there));
    }
}

impl<C> Open<C> {
    /// The connection, if the database is still where it was opened. One to a
    /// file that was removed or replaced is left open for good: when it is
    /// closed, SQLite removes a log by its name, which now may be that of
    /// another database.
    fn if_there(self) -> Option<Self> {
        let is_there = match (&self.main, &self.identity) {
            (Some(main), Some(identity)) => {
                cfg!(not(unix)) || identity.len_at(main).is_ok_and(|len| len.is_some())
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
fn wait_until(connection: &impl Connection, deadline: Instant) -> io::Result<()> {
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

impl<C: Connection> Open<C> {
    /// The right to write the database and its log.
    ///
    /// SQLite has locks of its own, but before 3.51.3 they let a checkpoint
    /// run while another connection starts the log anew, and what that one
    /// wrote is then lost from the file. libSQL carries an older one. So all
    /// programs that use this crate, whichever engine they have, write and
    /// checkpoint under this lock; reading needs none.
    fn lock<'l>(
        &self,
        lock: &'l mut LockFile,
        deadline: Instant,
    ) -> io::Result<Option<Locked<'l>>> {
        self.main.as_deref().map(|main| lock.lock(main, deadline)).transpose()
    }

    /// Takes the rights of others away, before the first write: whoever only
    /// reads need not be the owner, who alone may do that.
    fn tighten(&self) -> io::Result<()> {
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
    fn sync_names(&self) -> io::Result<()> {
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
    fn sync_log(&self) -> io::Result<()> {
        let Some(main) = &self.main else { return Ok(()) };
        let log = beside(main, "-wal");
        let synced = disk::open(&log, true).and_then(|file| disk::sync(&file));
        synced.map_err(|error| at(&log, "sync", error))
    }

    fn is_log_long(&self) -> bool {
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
    /// word: a login is not to stand there alone.
    fn checkpoint(&self) {
        if self.main.is_some()
            && let Err(error) = self.connection.pragma("PRAGMA wal_checkpoint(PASSIVE)")
        {
            let error = explain("shorten its log")(error);
            tracing::warn!(%error, "the log of the database stays long");
        }
    }
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

/// A failure at `what`, as the error for the user.
pub(in crate::backends) fn explain(what: &str) -> impl Fn(Failure) -> io::Error + Copy + '_ {
    move |failure| failure.explain(what)
}

impl<C: Connection> SqlExecutor for Database<C> {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn query(
        &self,
        queries: &[Statement<'_>],
        row: &mut dyn FnMut(usize, &[Value]) -> io::Result<()>,
    ) -> io::Result<()> {
        // Asking must not create anything.
        self.with(Some(()), |Open { connection, .. }, _, deadline| {
            let failed = explain("read");
            // From the first on it is one state, for which nobody is waited.
            wait_until(connection, deadline)?;
            // One query is a snapshot of its own.
            let several = queries.len() > 1;
            if several {
                connection.execute("BEGIN", &[]).map_err(failed)?;
            }
            for (number, query) in queries.iter().enumerate() {
                connection
                    .select(&query.sql, &query.params, &mut |values| row(number, values))
                    .map_err(failed)?;
            }
            if several {
                connection.execute("COMMIT", &[]).map_err(failed)?;
            }
            Ok(())
        })
    }

    fn batch(&self, statements: &[Statement<'_>], durable: bool) -> io::Result<bool> {
        self.with(None, |open, lock, deadline| {
            let connection = &open.connection;
            open.tighten()?;
            let _locked = open.lock(lock, deadline)?;
            let run = |sql: &str| connection.execute(sql, &[]).map_err(explain("write"));
            let wait = || wait_until(connection, deadline);
            wait()?;
            // With NORMAL a commit reaches the disk at the next checkpoint.
            if durable {
                run("PRAGMA synchronous = FULL")?;
            }
            // One statement is a transaction of its own.
            let several = statements.len() > 1;
            wait()?;
            if several {
                run("BEGIN IMMEDIATE")?;
            }
            let mut met = true;
            for statement in statements {
                let changed = connection
                    .execute(&statement.sql, &statement.params)
                    .map_err(explain("write"))?;
                if statement.guard && changed == 0 {
                    met = false;
                    break;
                }
            }
            if several {
                run(if met { "COMMIT" } else { "ROLLBACK" })?;
            }
            if durable {
                run("PRAGMA synchronous = NORMAL")?;
                open.sync_names()?;
            }
            open.unlooked.set(open.unlooked.get() + statements.len());
            if (durable && met) || open.is_log_long() {
                open.checkpoint();
            }
            Ok(met)
        })
    }

    fn stops_at_guard(&self) -> bool {
        true
    }

    /// Empties the `-wal`, in which the deleted rows still stand.
    fn erase(&self) -> io::Result<()> {
        if self.path.is_none() {
            return Ok(());
        }
        self.with(Some(()), |open, lock, deadline| {
            let connection = &open.connection;
            let failed = explain("empty its log");
            // Others write between the attempts.
            connection.wait_at_most(Duration::from_millis(100)).map_err(failed)?;
            loop {
                let locked = open.lock(lock, deadline)?;
                let result = connection.pragma("PRAGMA wal_checkpoint(TRUNCATE)").map_err(failed)?;
                drop(locked);
                if result.first() == Some(&0) {
                    break;
                }
                if Instant::now() >= deadline {
                    return Err(SessionError::timed_out(
                        "the session is deleted, but a reader keeps its keys in the log (-wal) of the database",
                    )
                    .help("end the other process, then call `delete()` again")
                    .into());
                }
                std::thread::sleep(Duration::from_millis(10));
            }
            open.sync_log()
        })
    }
}
