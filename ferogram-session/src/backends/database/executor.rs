use super::failure::{failure, is_busy};
use super::file::make_private;
use crate::error::SessionError;
use crate::sql::{Dialect, SqlExecutor, Statement, Value};
use crate::sync::{DEADLINE, Timed, TimedGuard};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// A database file, or one in memory, over one connection that is opened on
/// first use.
pub(super) struct Database {
    path: Option<PathBuf>,
    connection: Timed<Option<Connection>>,
}

impl Database {
    pub(super) fn file(path: PathBuf) -> Self {
        Self { path: Some(path), connection: Timed::new(None) }
    }

    pub(super) fn memory() -> Self {
        Self { path: None, connection: Timed::new(None) }
    }

    fn lock(&self) -> io::Result<TimedGuard<'_, Option<Connection>>> {
        let deadline = Instant::now() + DEADLINE;
        self.connection.lock(deadline).ok_or_else(|| {
            SessionError::timed_out("another thread did not give the connection back").into()
        })
    }

    /// Whether there is something to open without creating it.
    fn exists(&self) -> io::Result<bool> {
        match &self.path {
            Some(path) => path.try_exists(),
            None => Ok(true),
        }
    }

    fn open(&self) -> io::Result<Connection> {
        let failed = |error| failure("open the database", error);
        let connection = match &self.path {
            Some(path) => {
                make_private(path).map_err(|error| {
                    SessionError::unavailable(format!("cannot open {}: {error}", path.display()))
                        .with_kind(error.kind())
                        .help("see that the folder exists and that this user may write there")
                })?;
                let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                Connection::open_with_flags(path, flags)
            }
            None => Connection::open_in_memory(),
        };
        let connection = connection.map_err(failed)?;
        connection.busy_timeout(DEADLINE).map_err(failed)?;
        connection.set_prepared_statement_cache_capacity(64);
        // In a new database only: small pages halve what a small commit
        // writes. Then the journal, to which a page size is final.
        let set_up = "PRAGMA page_size = 1024; PRAGMA secure_delete = ON; \
                      PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF; \
                      PRAGMA temp_store = MEMORY; PRAGMA journal_mode = WAL; \
                      PRAGMA synchronous = NORMAL;";
        let deadline = Instant::now() + DEADLINE;
        loop {
            match connection.execute_batch(set_up) {
                Ok(()) => return Ok(connection),
                // Changing the journal mode does not wait for others by itself.
                Err(error) if is_busy(&error) && Instant::now() < deadline => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                Err(error) => return Err(failed(error)),
            }
        }
    }

    /// Runs `call` with the connection. After an error it is closed: what
    /// state it is in is then not worth knowing.
    fn with<T>(&self, call: impl FnOnce(&Connection) -> io::Result<T>) -> io::Result<T> {
        let mut slot = self.lock()?;
        let connection = match slot.take() {
            Some(connection) => connection,
            None => self.open()?,
        };
        let result = call(&connection);
        // A database in memory ends with its connection.
        if result.is_ok() || self.path.is_none() {
            if !connection.is_autocommit() {
                let _ = connection.execute_batch("ROLLBACK");
            }
            *slot = Some(connection);
        }
        result
    }
}

impl SqlExecutor for Database {
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
        self.with(|connection| {
            let failed = |error| failure("read", error);
            // One query is a snapshot of its own.
            let several = queries.len() > 1;
            if several {
                connection
                    .prepare_cached("BEGIN")
                    .and_then(|mut begin| begin.raw_execute())
                    .map_err(failed)?;
            }
            for (number, query) in queries.iter().enumerate() {
                select(connection, number, query, row)?;
            }
            if several {
                connection
                    .prepare_cached("COMMIT")
                    .and_then(|mut commit| commit.raw_execute())
                    .map_err(failed)?;
            }
            Ok(())
        })
    }

    fn batch(&self, statements: &[Statement<'_>], durable: bool) -> io::Result<bool> {
        self.with(|connection| {
            let failed = |error| failure("write", error);
            let run = |sql: &str| -> rusqlite::Result<()> {
                connection.prepare_cached(sql)?.raw_execute().map(drop)
            };
            // With NORMAL a commit reaches the disk at the next checkpoint.
            if durable {
                run("PRAGMA synchronous = FULL").map_err(failed)?;
            }
            run("BEGIN IMMEDIATE").map_err(failed)?;
            for statement in statements {
                let changed = execute(connection, statement).map_err(failed)?;
                if statement.guard && changed == 0 {
                    run("ROLLBACK").map_err(failed)?;
                    if durable {
                        run("PRAGMA synchronous = NORMAL").map_err(failed)?;
                    }
                    return Ok(false);
                }
            }
            run("COMMIT").map_err(failed)?;
            if durable {
                run("PRAGMA synchronous = NORMAL").map_err(failed)?;
            }
            Ok(true)
        })
    }

    /// Empties the `-wal`, in which the deleted rows still stand.
    fn erase(&self) -> io::Result<()> {
        if self.path.is_none() {
            return Ok(());
        }
        self.with(|connection| {
            let deadline = Instant::now() + DEADLINE;
            loop {
                let busy: i64 = connection
                    .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
                    .map_err(|error| failure("empty its log", error))?;
                if busy == 0 {
                    return Ok(());
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
        })
    }
}

fn select(
    connection: &Connection,
    number: usize,
    query: &Statement<'_>,
    row: &mut dyn FnMut(usize, &[Value]) -> io::Result<()>,
) -> io::Result<()> {
    let failed = |error| failure("read", error);
    let mut statement = connection.prepare_cached(&query.sql).map_err(failed)?;
    bind(&mut statement, &query.params).map_err(failed)?;
    let columns = statement.column_count();
    let mut values = Vec::with_capacity(columns);
    let mut rows = statement.raw_query();
    while let Some(found) = rows.next().map_err(failed)? {
        values.clear();
        for column in 0..columns {
            values.push(value(found.get_ref(column).map_err(failed)?)?);
        }
        row(number, &values)?;
    }
    Ok(())
}

fn execute(connection: &Connection, statement: &Statement<'_>) -> rusqlite::Result<usize> {
    let mut prepared = connection.prepare_cached(&statement.sql)?;
    bind(&mut prepared, &statement.params)?;
    prepared.raw_execute()
}

fn bind(statement: &mut rusqlite::Statement<'_>, params: &[Value]) -> rusqlite::Result<()> {
    for (at, value) in params.iter().enumerate() {
        match value {
            Value::Null => statement.raw_bind_parameter(at + 1, rusqlite::types::Null)?,
            Value::Integer(value) => statement.raw_bind_parameter(at + 1, value)?,
            Value::Text(text) => statement.raw_bind_parameter(at + 1, text)?,
            Value::Blob(bytes) => statement.raw_bind_parameter(at + 1, bytes)?,
        }
    }
    Ok(())
}

fn value(value: ValueRef<'_>) -> io::Result<Value> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Integer(value),
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text)
                .map_err(|_| SessionError::corrupt("text in the database is not valid UTF-8"))?;
            Value::Text(text.to_owned())
        }
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
        ValueRef::Real(_) => {
            return Err(SessionError::corrupt("a number in the database is not an integer").into());
        }
    })
}
