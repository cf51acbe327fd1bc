mod store;

pub use store::MemoryStore;

use crate::PersistedSession;
use ferogram_session_derive::SessionBackend;

/// Keeps the session in memory: for tests, and for logins that may end with
/// the process.
///
/// ```
/// use ferogram_session::{InMemoryBackend, SessionBackend};
///
/// let backend = InMemoryBackend::new();
/// assert!(backend.load()?.is_none());
/// backend.set_home_dc(2)?;
/// assert_eq!(backend.snapshot().map(|session| session.home_dc_id), Some(2));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(SessionBackend, Debug, Default)]
#[session(rows, name = "in-memory")]
pub struct InMemoryBackend {
    #[session(store)]
    memory: MemoryStore,
}

impl InMemoryBackend {
    /// An empty memory.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A copy of the session as it is now; `None` if none was saved.
    #[must_use]
    pub fn snapshot(&self) -> Option<PersistedSession> {
        self.memory.get("default")
    }
}
