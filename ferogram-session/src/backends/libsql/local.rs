use super::row::{Columns, into_libsql};
use crate::backends::database::{Connection, Failure};
use crate::error::SessionError;
use crate::sql::Value;
use libsql::{Builder, Error, OpenFlags, Statement};
use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::future::Future;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// libSQL's engine, in this process.
pub(in crate::backends) struct LocalConnection {
    statements: RefCell<HashMap<String, Prepared>>,
    connection: libsql::Connection,
}

struct Prepared {
    statement: Statement,
    columns: Columns,
}

/// Statements that are kept. The same few come again and again.
const MAX_PREPARED: usize = 64;

impl Connection for LocalConnection {
    fn open(path: Option<&Path>) -> Result<Self, Failure> {
        if let Some(path) = path.filter(|path| path.to_str().is_none()) {
            let message = format!("libSQL takes no path that is not UTF-8: {}", path.display());
            let error = SessionError::config(message).help("give the file another name");
            return Err(Failure::Row(error.into()));
        }
        let open = || {
            let builder = match path {
                // Absolute, so that no name is taken for an address or for memory.
                Some(path) => Builder::new_local(std::path::absolute(path)?)
                    .flags(OpenFlags::SQLITE_OPEN_READ_WRITE),
                None => Builder::new_local(":memory:"),
            };
            Ok(now(builder.build())?.connect()?)
        };
        // libSQL asserts that nobody set its engine up differently.
        let opened = catch_unwind(AssertUnwindSafe(open));
        let connection = opened.unwrap_or_else(|_| {
            Err(Failure::new(
                None,
                "another part of the program has set libSQL's engine up for one thread",
            ))
        })?;
        Ok(Self { statements: RefCell::default(), connection })
    }

    fn execute(&self, sql: &str, params: &[Value]) -> Result<u64, Failure> {
        self.with(sql, |prepared| {
            let changed = now(prepared.statement.execute(into_libsql(params)))?;
            Ok(changed as u64)
        })
    }

    fn select(
        &self,
        sql: &str,
        params: &[Value],
        row: &mut dyn FnMut(&[Value]) -> io::Result<()>,
    ) -> Result<(), Failure> {
        self.with(sql, |prepared| {
            let mut rows = now(prepared.statement.query(into_libsql(params)))?;
            let mut values = Vec::new();
            while let Some(found) = now(rows.next())? {
                prepared.columns.read(&found, &mut values)?;
                row(&values)?;
            }
            Ok(())
        })
    }

    fn wait_at_most(&self, time: Duration) -> Result<(), Failure> {
        Ok(self.connection.busy_timeout(time)?)
    }

    fn is_autocommit(&self) -> bool {
        self.connection.is_autocommit()
    }
}

impl LocalConnection {
    /// Runs `call` with the statement. It is reset whatever happens, or it
    /// would go on holding the database in the state that it has read.
    fn with<T>(
        &self,
        sql: &str,
        call: impl FnOnce(&Prepared) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut statements = self.statements.borrow_mut();
        if statements.len() >= MAX_PREPARED && !statements.contains_key(sql) {
            statements.clear();
        }
        let prepared = match statements.entry(sql.to_owned()) {
            Entry::Occupied(prepared) => prepared.into_mut(),
            Entry::Vacant(place) => place.insert(self.prepare(sql)?),
        };
        let result = call(prepared);
        prepared.statement.reset();
        result
    }

    fn prepare(&self, sql: &str) -> Result<Prepared, Failure> {
        let statement = now(self.connection.prepare(sql))?;
        let columns = Columns::new(sql, statement.column_count());
        let statement = match columns.rewritten(sql) {
            Some(sql) => now(self.connection.prepare(&sql))?,
            None => statement,
        };
        Ok(Prepared { statement, columns })
    }
}

/// What a method of a local database answers: they are async in form only.
fn now<T>(answer: impl Future<Output = libsql::Result<T>>) -> Result<T, Failure> {
    match pin!(answer).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => Ok(answer?),
        Poll::Pending => Err(Failure::new(None, "libSQL did not answer at once")),
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::SqliteFailure(code, message) => Self::new(Some(code), message),
            // The code stands at its end.
            Error::ConnectionFailed(message) => {
                let code = message.rsplit(' ').next().and_then(|code| code.parse().ok());
                Self::new(code, message)
            }
            error => Self::new(None, error.to_string()),
        }
    }
}
