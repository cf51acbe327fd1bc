use crate::mode::Version;
use crate::records::Records;
use crate::sync::Timed;
use std::fmt;

/// What a backend last knew to be stored: a field marked
/// `#[session(cache)]`, in any mode.
///
/// With it a `save` writes what changed, a blob or key-value backend need not
/// read before it writes, and a call that changes nothing writes nothing. It
/// is never trusted further than its version: whatever another writer did, the
/// store ends up as the call says.
///
/// It takes about as much memory as the session.
#[derive(Default)]
pub struct SessionCache(pub(crate) Timed<Option<Known>>);

/// A state that the store was in.
pub(crate) struct Known {
    pub(crate) key: String,
    pub(crate) version: Version,
    pub(crate) records: Records,
}

impl SessionCache {
    /// A cache that knows nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Timed::new(None))
    }
}

/// Shows nothing of what it holds, and waits for nobody.
impl fmt::Debug for SessionCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionCache")
    }
}
