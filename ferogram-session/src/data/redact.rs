use std::fmt;

/// Stands in `Debug` output where a secret would be: says that there is one
/// and how long it is, never what it is.
pub(crate) struct Redacted(pub(crate) Option<usize>);

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(bytes) => write!(f, "<{bytes} secret bytes>"),
            None => f.write_str("None"),
        }
    }
}

/// An access hash: whether it is known tells something useful, its value
/// would let a reader of a log address the peer as this account.
pub(crate) struct RedactedHash(pub(crate) i64);

impl fmt::Debug for RedactedHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0 == 0 { "0" } else { "<secret>" })
    }
}
