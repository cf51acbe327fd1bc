//! Values as parameters, and columns as values.

use crate::text::{escape, unescape};
use ferogram_session::{SessionError, Value};
use std::error::Error;
use std::io;
use tokio_postgres::Row;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

/// A parameter and its type, as the client takes them.
pub(crate) type Typed<'a> = (&'a (dyn ToSql + Sync), Type);

/// A parameter, with its type said: nothing has to be asked or prepared then.
#[derive(Debug)]
pub(crate) struct Param<'a>(pub(crate) &'a Value);

impl Param<'_> {
    pub(crate) fn typed(&self) -> Typed<'_> {
        let sql_type = match self.0 {
            Value::Integer(_) => Type::INT8,
            Value::Text(_) => Type::TEXT,
            // Only bytes may be missing: a token, a key.
            Value::Blob(_) | Value::Null => Type::BYTEA,
        };
        (self, sql_type)
    }
}

impl ToSql for Param<'_> {
    fn to_sql(
        &self,
        sql_type: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Integer(number) => number.to_sql(sql_type, out),
            Value::Text(text) => escape(text).to_sql(sql_type, out),
            Value::Blob(bytes) => bytes.to_sql(sql_type, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// The columns of a row.
pub(crate) fn values(row: &Row) -> io::Result<Vec<Value>> {
    (0..row.len()).map(|column| value(row, column)).collect()
}

fn value(row: &Row, column: usize) -> io::Result<Value> {
    let name = row.columns()[column].name();
    let wrong = |what: &str| {
        io::Error::from(
            SessionError::corrupt(format!("column `{name}` {what}"))
                .help("restore the table from a backup; nothing was changed"),
        )
    };
    let unreadable = |_| wrong("cannot be read");
    match *row.columns()[column].type_() {
        Type::INT8 => row.try_get::<_, Option<i64>>(column).map(Value::from).map_err(unreadable),
        Type::BYTEA => row.try_get::<_, Option<&[u8]>>(column).map(Value::from).map_err(unreadable),
        Type::TEXT => match row.try_get::<_, Option<&str>>(column).map_err(unreadable)? {
            Some(text) => unescape(text)
                .map(Value::Text)
                .ok_or_else(|| wrong("holds a backslash that escapes nothing")),
            None => Ok(Value::Null),
        },
        ref other => Err(wrong(&format!("is of type {other}"))),
    }
}
