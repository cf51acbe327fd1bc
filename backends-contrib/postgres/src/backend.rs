use crate::config::PostgresConfig;
use crate::executor::Executor;
use ferogram_session::{
    Blocking, RowStore, SessionBackend, SessionCache, SessionError, SqlStore, unescape_key,
};
use std::io;
use std::sync::Arc;

/// Keeps a session in PostgreSQL: a row for each record, in six tables that
/// hold any number of sessions.
///
/// Every method works from a plain thread and from async code. Backends of one
/// store share its connections; not across `fork`.
#[derive(SessionBackend, Debug)]
#[session(rows(key = "{session}"))]
pub struct PostgresBackend {
    #[session(store)]
    store: Arc<SqlStore<Blocking<Executor>>>,
    #[session(cache)]
    cache: SessionCache,
    session: String,
}

impl PostgresBackend {
    /// The session of this name in the database at `url`, which is connected
    /// to on first use: `postgres://user:password@host:5432/database`. The
    /// tables are made with the first save. What is wrong is the error of the
    /// first call.
    pub fn new(url: impl AsRef<str>, session: impl Into<String>) -> Self {
        Self::with(PostgresConfig::new(url), session)
    }

    /// As [`new`](Self::new), but connects at once and makes the tables.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached, or does not accept the credentials; if
    /// the tables cannot be made, or were made by a newer release.
    pub fn connect(url: impl AsRef<str>, session: impl Into<String>) -> io::Result<Self> {
        let backend = Self::new(url, session);
        let session = Some(backend.session.as_str());
        backend
            .store
            .migrate()
            .map_err(|error| SessionError::locate(error, backend.name(), session, "connect"))?;
        Ok(backend)
    }

    /// The session of this name in a PostgreSQL set up by hand.
    pub fn with(config: PostgresConfig, session: impl Into<String>) -> Self {
        let (schema, prefix, timeout) = (config.schema.clone(), config.prefix, config.timeout);
        let executor = Blocking::new(Executor::new(config)).with_deadline(timeout);
        let store = SqlStore::in_schema(executor, &schema, prefix);
        Self::over(Arc::new(store), session.into())
    }

    /// Another session in the same tables, over the same connections.
    #[must_use]
    pub fn session(&self, session: impl Into<String>) -> Self {
        Self::over(Arc::clone(&self.store), session.into())
    }

    /// The names of the sessions in the tables, in order.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub fn sessions(&self) -> io::Result<Vec<String>> {
        let located = |error| SessionError::locate(error, self.name(), None, "sessions");
        let keys = self.store.sessions().map_err(located)?;
        let mut names: Vec<String> =
            keys.into_iter().map(|key| unescape_key(&key).unwrap_or(key)).collect();
        // The database orders by the rules of some language.
        names.sort();
        Ok(names)
    }

    /// Makes the tables, or brings them up to date: for a role that may, so
    /// that others need not. Every first write does so too.
    ///
    /// # Errors
    ///
    /// What the server says; if the tables were made by a newer release.
    pub fn migrate(&self) -> io::Result<()> {
        let session = Some(self.session.as_str());
        self.store
            .migrate()
            .map_err(|error| SessionError::locate(error, self.name(), session, "migrate"))
    }

    fn over(store: Arc<SqlStore<Blocking<Executor>>>, session: String) -> Self {
        Self { store, cache: SessionCache::new(), session }
    }
}
