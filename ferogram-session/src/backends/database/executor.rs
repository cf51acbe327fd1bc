use super::file::{beside, make_private};
use super::lock::{LockFile, Locked};
use super::{Connection, Engine, Failure};
use crate::error::SessionError;
use crate::sql::{Dialect, SqlExecutor, Statement, Value};
use crate::sync::{DEADLINE, Timed, TimedGuard};
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// What every connection begins with. Small pages halve what a small commit
/// writes; they are final once there is a journal. Checkpoints are ours, under
/// the lock; after one the log is cut to this size when it begins anew, so a
/// longer one is worth a checkpoint.
const SET_UP: [&str; 9] = [
    "PRAGMA page_size = 1024",
    "PRAGMA secure_delete = ON",
    "PRAGMA cell_size_check = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA wal_autocheckpoint = 0",
    "PRAGMA journal_size_limit = 1048576",
];

const LOG_LIMIT: u64 = 1 << 20;

/// A database over one connection that is opened on first use.
pub(in crate::backends) struct Database<C = Engine> {
    place: Option<Place>,
    connection: Timed<Option<C>>,
}

/// The files of a database that is not in memory.
struct Place {
    path: PathBuf,
    log: PathBuf,
    lock: LockFile,
}

impl<C: Connection> Database<C> {
    /// The file at `path`, or a database in memory if that is `:memory:`.
    pub(in crate::backends) fn at(path: PathBuf) -> Self {
        let place = (path.as_os_str() != ":memory:").then(|| Place {
            log: beside(&path, "-wal"),
            lock: LockFile::beside(&path),
            path,
        });
        Self { place, connection: Timed::new(None) }
    }

    fn slot(&self, deadline: Instant) -> io::Result<TimedGuard<'_, Option<C>>> {
        self.connection.lock(deadline).ok_or_else(|| {
            SessionError::timed_out("another thread did not give the connection back").into()
        })
    }

    /// Whether there is something to open without creating it.
    fn exists(&self) -> io::Result<bool> {
        match &self.place {
            Some(place) => place.path.try_exists(),
            None => Ok(true),
        }
    }

    fn open(&self, deadline: Instant) -> io::Result<C> {
        let failed = explain("open the database");
        let path = self.place.as_ref().map(|place| place.path.as_path());
        if let Some(path) = path {
            make_private(path).map_err(|error| {
                SessionError::unavailable(format!("cannot open {}: {error}", path.display()))
                    .with_kind(error.kind())
                    .help("see that the folder exists and that this user may write there")
            })?;
        }
        let connection = C::open(path).map_err(failed)?;
        let wait = format!("PRAGMA busy_timeout = {}", DEADLINE.as_millis());
        connection.pragma(&wait).map_err(failed)?;
        for pragma in SET_UP {
            loop {
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

    /// Runs `call` with the connection. After an error it is closed: what
    /// state it is in is then not worth knowing.
    fn with<T>(&self, call: impl FnOnce(&C, Instant) -> io::Result<T>) -> io::Result<T> {
        let deadline = Instant::now() + DEADLINE;
        let mut slot = self.slot(deadline)?;
        let connection = match slot.take() {
            Some(connection) => connection,
            None => self.open(deadline)?,
        };
        let result = call(&connection, deadline);
        // A database in memory ends with its connection.
        if result.is_ok() || self.place.is_none() {
            if !connection.is_autocommit() {
                let _ = connection.execute("ROLLBACK", &[]);
            }
            *slot = Some(connection);
        }
        result
    }

    fn lock(&self, deadline: Instant) -> io::Result<Option<Locked>> {
        self.place.as_ref().map(|place| place.lock.lock(deadline)).transpose()
    }

    /// Moves a long log into the database. What was committed is safe without
    /// it, so nothing of it fails the call.
    fn checkpoint_if_long(&self, connection: &C) {
        let long = |place: &Place| place.log.metadata().is_ok_and(|log| log.len() > LOG_LIMIT);
        if self.place.as_ref().is_some_and(long)
            && let Err(error) = connection.pragma("PRAGMA wal_checkpoint(PASSIVE)")
        {
            let error = explain("shorten its log")(error);
            tracing::warn!(%error, "the log of the database stays long");
        }
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
        if !self.exists()? {
            return Ok(());
        }
        self.with(|connection, _| {
            let failed = explain("read");
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
        self.with(|connection, deadline| {
            let _locked = self.lock(deadline)?;
            let run = |sql: &str| connection.execute(sql, &[]).map_err(explain("write"));
            // With NORMAL a commit reaches the disk at the next checkpoint.
            if durable {
                run("PRAGMA synchronous = FULL")?;
            }
            run("BEGIN IMMEDIATE")?;
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
            run(if met { "COMMIT" } else { "ROLLBACK" })?;
            if durable {
                run("PRAGMA synchronous = NORMAL")?;
            }
            self.checkpoint_if_long(connection);
            Ok(met)
        })
    }

    /// Empties the `-wal`, in which the deleted rows still stand.
    fn erase(&self) -> io::Result<()> {
        if self.place.is_none() {
            return Ok(());
        }
        self.with(|connection, deadline| {
            let failed = explain("empty its log");
            // Others write between the attempts.
            connection.pragma("PRAGMA busy_timeout = 100").map_err(failed)?;
            loop {
                let locked = self.lock(deadline)?;
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
            let wait = format!("PRAGMA busy_timeout = {}", DEADLINE.as_millis());
            connection.pragma(&wait).map(drop).map_err(failed)
        })
    }
}
