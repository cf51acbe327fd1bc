use std::borrow::Cow;
use std::fmt;

/// A value in a row, or a parameter of a statement.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// NULL.
    Null,
    /// A 64-bit integer; what the database calls smaller ones, too.
    Integer(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// Shows the length of bytes, which may be a key.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("Null"),
            Self::Integer(_) => f.write_str("Integer"),
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Blob(bytes) => write!(f, "Blob({} bytes)", bytes.len()),
        }
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Integer(value.into())
    }
}

impl From<u8> for Value {
    fn from(value: u8) -> Self {
        Self::Integer(value.into())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Blob(value.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A statement and its parameters.
///
/// Parameters are written `?1`, `?2` and so on for SQLite, `$1`, `$2` for
/// Postgres. The same texts come again and again, so they are worth preparing
/// where a database prepares.
#[derive(Clone, Debug)]
pub struct Statement<'a> {
    /// The text.
    pub sql: Cow<'a, str>,
    /// The parameters.
    pub params: Vec<Value>,
    /// Whether the batch it is in has failed, without an error, if it changes
    /// no row.
    pub guard: bool,
}

impl<'a> Statement<'a> {
    /// A statement.
    pub fn new(sql: impl Into<Cow<'a, str>>, params: Vec<Value>) -> Self {
        Self { sql: sql.into(), params, guard: false }
    }

    /// Makes it a guard.
    #[must_use]
    pub fn guard(mut self) -> Self {
        self.guard = true;
        self
    }
}
