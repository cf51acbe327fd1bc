use crate::mode::Version;
use crate::records::Records;
use crate::sync::Timed;
use std::fmt;
use std::io;

/// What a backend last knew to be stored: a field marked
/// `#[session(cache)]`, in any mode.
///
/// With it a `save` writes what changed, a blob or key-value backend need not
/// read before it writes, and a call that changes nothing writes nothing. It
/// is never trusted further than its version: whatever another writer did, the
/// store ends up as the call says.
///
/// It takes some 1.4 times as much memory as the session.
#[derive(Default)]
pub struct SessionCache(pub(crate) Timed<Option<Kept>>);

/// A state that the store was in. The records are a pointer away: a call takes
/// this out of the cache and puts it back.
pub(crate) struct Known<R = Box<Records>> {
    pub(crate) key: String,
    pub(crate) version: Version,
    pub(crate) records: R,
}

/// The same between calls.
pub(crate) type Kept = Known<Form>;

pub(crate) enum Form {
    Records(Box<Records>),
    /// As they were read: a start gives the records away, and is over before
    /// anybody asks for them again.
    Encoded(Encoded),
}

impl Kept {
    /// Whether this is the session under `key` in that version.
    pub(crate) fn is(&self, key: &str, version: &Version) -> bool {
        self.key == key && self.version == *version
    }

    /// What is known of the session under `key`.
    pub(crate) fn known(self, key: &str) -> Option<Known> {
        if self.key != key {
            return None;
        }
        let Self { key, version, records } = self;
        let records = match records {
            Form::Records(records) => records,
            // What could be read once can be read again; if not, it is not known.
            Form::Encoded(encoded) => Box::new((encoded.decode)(&encoded.bytes).ok()?),
        };
        Some(Known { key, version, records })
    }
}

impl From<Known> for Kept {
    fn from(known: Known) -> Self {
        let Known { key, version, records } = known;
        Self { key, version, records: Form::Records(records) }
    }
}

/// The bytes of a session, and what makes records of them.
pub struct Encoded {
    pub(crate) bytes: Vec<u8>,
    pub(crate) decode: fn(&[u8]) -> io::Result<Records>,
}

/// Shows nothing of the bytes.
impl fmt::Debug for Encoded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoded").field("bytes", &self.bytes.len()).finish()
    }
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
