mod store;

use ferogram_session_derive::SessionBackend;
use store::StringStore;

/// Keeps the session as a string: for environment variables, secret managers,
/// and places without a disk.
///
/// [`current`](Self::current) is the string to put away; this backend puts it
/// nowhere.
///
/// ```
/// use ferogram_session::{SessionBackend, StringSessionBackend};
///
/// let backend = StringSessionBackend::new("");
/// backend.set_home_dc(2)?;
///
/// let again = StringSessionBackend::new(backend.current());
/// assert_eq!(again.load()?.map(|session| session.home_dc_id), Some(2));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// A string that cannot be read is the error of every call, and stays as it
/// is.
#[derive(SessionBackend, Debug)]
#[session(rows, name = "string-session")]
pub struct StringSessionBackend {
    #[session(store)]
    string: StringStore,
}

impl StringSessionBackend {
    /// From a native string or a compact one (V1, V2); an empty string starts
    /// without a session.
    pub fn new(s: impl Into<String>) -> Self {
        Self { string: StringStore::new(s.into()) }
    }

    /// The session as it is now, as a native string; empty if there is none.
    /// Until the first change this is the string that the backend was made
    /// from.
    #[must_use]
    pub fn current(&self) -> String {
        self.string.current()
    }
}
