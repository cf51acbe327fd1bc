use crate::config::S3Config;
use crate::store::S3Store;
use ferogram_session::{
    BlobStore, Blocking, SessionBackend, SessionCache, SessionError, unescape_key,
};
use std::io;
use std::sync::Arc;

/// Keeps a session in S3, or a service like it: an object that is the whole
/// session.
///
/// Every method works from a plain thread and from async code. Backends of one
/// store share its connections; not across `fork`.
#[derive(SessionBackend, Debug)]
#[session(blob(key = "{session}"))]
pub struct S3Backend {
    #[session(store)]
    store: Arc<Blocking<S3Store>>,
    #[session(cache)]
    cache: SessionCache,
    session: String,
}

impl S3Backend {
    /// The session of this name at `s3://bucket/prefix`, with the region, the
    /// endpoint and the credentials that the environment has (`AWS_REGION`,
    /// `AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID` and so on) at the first call.
    /// What is wrong is the error of that call.
    ///
    /// ```
    /// use ferogram_session_s3::S3Backend;
    ///
    /// let backend = S3Backend::new("s3://my-bucket/bots", "my-bot");
    /// ```
    pub fn new(url: impl Into<String>, session: impl Into<String>) -> Self {
        Self::with(S3Config::new(url), session)
    }

    /// As [`new`](Self::new), but asks the service at once, for the session: what
    /// is wrong is an error here, and the first change finds the cache warm.
    ///
    /// # Errors
    ///
    /// As `load` of this backend.
    pub fn connect(url: impl Into<String>, session: impl Into<String>) -> io::Result<Self> {
        let backend = Self::new(url, session);
        backend.load()?;
        Ok(backend)
    }

    /// The session of this name in a store set up by hand.
    pub fn with(config: S3Config, session: impl Into<String>) -> Self {
        let timeout = config.timeout;
        let store = Blocking::new(S3Store::new(config)).with_deadline(timeout);
        Self::over(Arc::new(store), session.into())
    }

    /// Another session in the same place, over the same connections.
    #[must_use]
    pub fn session(&self, session: impl Into<String>) -> Self {
        Self::over(Arc::clone(&self.store), session.into())
    }

    /// The names of the sessions under this prefix, in order.
    ///
    /// # Errors
    ///
    /// What the service says; it asks for the right `s3:ListBucket`.
    pub fn sessions(&self) -> io::Result<Vec<String>> {
        let located = |error| SessionError::locate(error, self.name(), None, "sessions");
        let keys = self.store.sessions().map_err(located)?;
        let mut names: Vec<String> =
            keys.into_iter().map(|key| unescape_key(&key).unwrap_or(key)).collect();
        names.sort();
        Ok(names)
    }

    fn over(store: Arc<Blocking<S3Store>>, session: String) -> Self {
        Self { store, cache: SessionCache::new(), session }
    }
}
