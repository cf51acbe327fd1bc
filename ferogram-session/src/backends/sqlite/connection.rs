use crate::backends::database::{Connection, Failure};
use crate::error::SessionError;
use crate::sql::Value;
use rusqlite::config::DbConfig;
use rusqlite::types::{Null, ValueRef};
use rusqlite::{Error, OpenFlags, Statement};
use std::io;
use std::path::Path;
use std::time::Duration;

/// rusqlite's engine.
pub(in crate::backends) struct RusqliteConnection(rusqlite::Connection);

impl Connection for RusqliteConnection {
    fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = match path {
            Some(path) => rusqlite::Connection::open_with_flags(path, flags)?,
            None => rusqlite::Connection::open_in_memory()?,
        };
        connection.set_prepared_statement_cache_capacity(64);
        // Or a statement would be prepared again for each new parameter.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        Ok(Self(connection))
    }

    fn execute(&self, sql: &str, params: &[Value]) -> Result<u64, Failure> {
        let mut prepared = self.0.prepare_cached(sql)?;
        bind(&mut prepared, params)?;
        Ok(prepared.raw_execute()? as u64)
    }

    fn select(
        &self,
        sql: &str,
        params: &[Value],
        row: &mut dyn FnMut(&[Value]) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let mut prepared = self.0.prepare_cached(sql)?;
        bind(&mut prepared, params)?;
        let columns = prepared.column_count();
        let mut values = vec![Value::Null; columns];
        let mut rows = prepared.raw_query();
        while let Some(found) = rows.next()? {
            for (column, slot) in values.iter_mut().enumerate() {
                match (slot, found.get_ref(column)?) {
                    // Nearly all of them: in place.
                    (Value::Integer(slot), ValueRef::Integer(value)) => *slot = value,
                    (slot, found) => *slot = value(found)?,
                }
            }
            row(&values)?;
        }
        Ok(())
    }

    fn wait_at_most(&self, time: Duration) -> Result<(), Failure> {
        Ok(self.0.busy_timeout(time)?)
    }

    fn is_autocommit(&self) -> bool {
        self.0.is_autocommit()
    }
}

fn bind(statement: &mut Statement<'_>, params: &[Value]) -> rusqlite::Result<()> {
    for (at, value) in params.iter().enumerate() {
        match value {
            Value::Null => statement.raw_bind_parameter(at + 1, Null)?,
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

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let code = match &error {
            Error::SqliteFailure(failure, _) => Some(failure.extended_code),
            Error::SqlInputError { error, .. } => Some(error.extended_code),
            _ => None,
        };
        Self::new(code, error.to_string())
    }
}
