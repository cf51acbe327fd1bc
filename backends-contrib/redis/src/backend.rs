use crate::config::RedisConfig;
use crate::store::RedisStore;
use ferogram_session::{KeyValueStore, SessionBackend, SessionCache, SessionError, unescape_key};
use std::io;
use std::sync::Arc;

/// Keeps a session in Redis: a hash with a field for each record.
///
/// Every method works from a plain thread and from async code. Backends of one
/// store share its connections; not across `fork`.
#[derive(SessionBackend, Debug)]
#[session(key_value(key = "{session}"))]
pub struct RedisBackend {
    #[session(store)]
    store: Arc<RedisStore>,
    #[session(cache)]
    cache: SessionCache,
    session: String,
}

impl RedisBackend {
    /// The session of this name on the server at `url`, which is connected to
    /// on first use: `redis://host`, `redis://user:password@host:6379/1` with
    /// the number of a database, `rediss://` for TLS, `redis+unix:///path`.
    /// What is wrong is the error of the first call.
    pub fn new(url: impl AsRef<str>, session: impl Into<String>) -> Self {
        Self::with(RedisConfig::new(url), session)
    }

    /// As [`new`](Self::new), but connects at once.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached or is none, does not accept the
    /// credentials, or lets this user run no scripts.
    pub fn connect(url: impl AsRef<str>, session: impl Into<String>) -> io::Result<Self> {
        let backend = Self::new(url, session);
        let session = Some(backend.session.as_str());
        backend
            .store
            .connect()
            .map_err(|error| SessionError::locate(error, backend.name(), session, "connect"))?;
        Ok(backend)
    }

    /// The session of this name in a Redis set up by hand.
    pub fn with(config: RedisConfig, session: impl Into<String>) -> Self {
        Self::over(Arc::new(RedisStore::new(config)), session.into())
    }

    /// Another session in the same place, over the same connections.
    #[must_use]
    pub fn session(&self, session: impl Into<String>) -> Self {
        Self::over(Arc::clone(&self.store), session.into())
    }

    /// The names of the sessions under this prefix, in order. Goes through the
    /// keys of the database bit by bit; what comes or goes meanwhile may be
    /// listed or not.
    ///
    /// # Errors
    ///
    /// What the server says. A node of a cluster knows only its own keys, so
    /// there it is [`SessionError::Unsupported`], unless it has all of them.
    pub fn sessions(&self) -> io::Result<Vec<String>> {
        let located = |error| SessionError::locate(error, self.name(), None, "sessions");
        let keys = self.store.sessions().map_err(located)?;
        let mut names: Vec<String> =
            keys.into_iter().map(|key| unescape_key(&key).unwrap_or(key)).collect();
        names.sort();
        Ok(names)
    }

    fn over(store: Arc<RedisStore>, session: String) -> Self {
        Self { store, cache: SessionCache::new(), session }
    }
}
