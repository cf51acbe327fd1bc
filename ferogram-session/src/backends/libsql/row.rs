//! Values on their way into libSQL and out of it.

use crate::error::SessionError;
use crate::sql::Value;
use libsql::Row;
use std::io;

pub(super) fn into_libsql(params: &[Value]) -> Vec<libsql::Value> {
    let convert = |value: &Value| match value {
        Value::Null => libsql::Value::Null,
        Value::Integer(value) => libsql::Value::Integer(*value),
        Value::Text(text) => libsql::Value::Text(text.clone()),
        Value::Blob(bytes) => libsql::Value::Blob(bytes.clone()),
    };
    params.iter().map(convert).collect()
}

pub(super) fn from_libsql(value: libsql::Value) -> io::Result<Value> {
    Ok(match value {
        libsql::Value::Null => Value::Null,
        libsql::Value::Integer(value) => Value::Integer(value),
        libsql::Value::Text(text) => Value::Text(text),
        libsql::Value::Blob(bytes) => Value::Blob(bytes),
        libsql::Value::Real(_) => {
            return Err(SessionError::corrupt("a number in the database is not an integer").into());
        }
    })
}

/// How the rows of a statement on a local file are read.
///
/// There libSQL takes text to end at its first NUL, and panics if it is not
/// UTF-8. So a query is rewritten: text comes as bytes, and one more column
/// says, in a bit for each, which columns were text.
pub(super) struct Columns {
    count: usize,
    rewritten: bool,
}

impl Columns {
    pub(super) fn new(sql: &str, count: usize) -> Self {
        // A `PRAGMA` cannot stand within a query. It answers in plain words.
        Self { count, rewritten: (1..=63).contains(&count) && sql.starts_with("SELECT") }
    }

    /// The statement to run in place of `sql`.
    pub(super) fn rewritten(&self, sql: &str) -> Option<String> {
        let list = |column: &dyn Fn(usize) -> String, separator: &str| {
            (0..self.count).map(column).collect::<Vec<_>>().join(separator)
        };
        self.rewritten.then(|| {
            let names = list(&|n| format!("c{n}"), ", ");
            let values = list(
                &|n| format!("CASE typeof(c{n}) WHEN 'text' THEN CAST(c{n} AS BLOB) ELSE c{n} END"),
                ", ",
            );
            let texts = list(&|n| format!("((typeof(c{n}) = 'text') << {n})"), " | ");
            format!("WITH q({names}) AS ({sql}) SELECT {values}, {texts} FROM q")
        })
    }

    pub(super) fn read(&self, row: &Row, values: &mut Vec<Value>) -> io::Result<()> {
        values.clear();
        let get = |column: usize| {
            let value = row.get_value(column as i32);
            from_libsql(value.map_err(|error| SessionError::unavailable(error.to_string()))?)
        };
        let texts = match self.rewritten.then(|| get(self.count)).transpose()? {
            Some(Value::Integer(texts)) => texts,
            _ => 0,
        };
        for column in 0..self.count {
            let value = get(column)?;
            values.push(match value {
                Value::Blob(bytes) if texts >> column & 1 == 1 => {
                    let text = String::from_utf8(bytes).map_err(|_| {
                        SessionError::corrupt("text in the database is not valid UTF-8")
                    })?;
                    Value::Text(text)
                }
                value => value,
            });
        }
        Ok(())
    }
}
