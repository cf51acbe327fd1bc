use super::file::{Found, look};
use super::open::{Open, wait_until};
use super::{Connection, Engine, Failure};
use crate::backends::lock::LockFile;
use crate::backends::paths::{fixed, resolve};
use crate::error::SessionError;
use crate::sql::{Dialect, SqlExecutor, Statement, Value};
use crate::sync::{Timed, deadline};
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// After a call that went through so many rows the pages that it kept are given
/// back: the records are in the cache already, and a small call needs few.
const MANY_ROWS: u64 = 1_000;
const GIVE_BACK: &str = "PRAGMA shrink_memory";

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

impl<C> Default for State<C> {
    fn default() -> Self {
        Self { lock: LockFile::default(), open: None }
    }
}

impl<C: Connection> Database<C> {
    /// The file at `path`, or a database in memory if that is `:memory:`.
    pub(in crate::backends) fn at(path: PathBuf) -> Self {
        let path = (path.as_os_str() != ":memory:").then(|| fixed(&path));
        Self { path, state: Timed::default() }
    }

    /// Whether there is something to open without creating it.
    fn exists(&self) -> io::Result<bool> {
        match &self.path {
            Some(path) => Ok(look(&resolve(path)?)? == Found::Database),
            None => Ok(true),
        }
    }

    /// Runs `call` with the connection. After an error it is closed: what
    /// state it is in is then not worth knowing. Where there is no database,
    /// it is made, unless `absent` is the answer then.
    fn with<T>(
        &self,
        absent: Option<T>,
        call: impl FnOnce(&Open<C>, &mut LockFile, Instant) -> io::Result<T>,
    ) -> io::Result<T> {
        let deadline = deadline();
        let mut state = self.state.lock(deadline).ok_or_else(|| {
            SessionError::timed_out("another thread did not give the connection back")
        })?;
        let State { lock, open } = &mut *state;
        let kept = open.take().and_then(Open::if_there);
        let open = match (kept, absent) {
            (Some(open), _) => open,
            (None, Some(absent)) if !self.exists()? => return Ok(absent),
            (None, _) => Open::new(self.path.as_deref(), lock, deadline)?,
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
            let mut rows = 0;
            for (number, query) in queries.iter().enumerate() {
                let mut counted = |values: &[Value]| {
                    rows += 1;
                    row(number, values)
                };
                connection.select(&query.sql, &query.params, &mut counted).map_err(failed)?;
            }
            if several {
                connection.execute("COMMIT", &[]).map_err(failed)?;
            }
            if rows >= MANY_ROWS {
                connection.pragma(GIVE_BACK).map_err(failed)?;
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
            // With NORMAL a commit reaches the disk at the next checkpoint.
            if durable {
                wait()?;
                run("PRAGMA synchronous = FULL")?;
            }
            // One statement is a transaction of its own.
            let several = statements.len() > 1;
            wait()?;
            if several {
                run("BEGIN IMMEDIATE")?;
            }
            let (mut met, mut rows) = (true, 0);
            for statement in statements {
                let changed = connection
                    .execute(&statement.sql, &statement.params)
                    .map_err(explain("write"))?;
                rows += changed;
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
            let long = open.is_log_long(statements.len());
            if long || (durable && met) || open.is_owed() {
                open.checkpoint();
            }
            if rows >= MANY_ROWS {
                run(GIVE_BACK)?;
            }
            Ok(met)
        })
    }

    fn stops_at_guard(&self) -> bool {
        true
    }

    /// Empties the `-wal`, in which the deleted rows still stand. Before that
    /// `VACUUM` writes the whole database anew, in the log, where its pages have
    /// free space that nobody overwrote: the copy that it makes first is in
    /// memory, as all that is temporary here.
    fn erase(&self, free_space: bool) -> io::Result<()> {
        if self.path.is_none() {
            return Ok(());
        }
        self.with(Some(()), |open, lock, deadline| {
            let connection = &open.connection;
            if free_space {
                let _locked = open.lock(lock, deadline)?;
                wait_until(connection, deadline)?;
                let failed = explain("overwrite what is deleted in the file");
                connection.execute("VACUUM", &[]).map_err(failed)?;
            }
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
