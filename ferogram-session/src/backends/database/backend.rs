/// What both backends over a database offer besides the methods of the trait:
/// `SqliteBackend` and `LibSqlBackend` are the same struct over another
/// executor.
macro_rules! database_backend {
    ($backend:ident, $executor:ty) => {
        impl $backend {
            /// Another session in the same database, over the same connection.
            #[must_use]
            pub fn session(&self, session: impl Into<String>) -> Self {
                Self {
                    store: std::sync::Arc::clone(&self.store),
                    cache: $crate::SessionCache::new(),
                    name: self.name.clone(),
                    session: session.into(),
                }
            }

            /// The names of the sessions in the database, in order.
            ///
            /// # Errors
            ///
            /// What the database says.
            pub fn sessions(&self) -> std::io::Result<Vec<String>> {
                $crate::backends::database::sessions(&self.store, &self.name)
            }

            /// For tests: what is in the tables.
            #[cfg(feature = "testing")]
            #[doc(hidden)]
            #[must_use]
            pub fn __store(&self) -> &$crate::SqlStore<impl $crate::SqlExecutor> {
                &self.store
            }

            fn over(executor: $executor, name: String) -> Self {
                Self {
                    store: std::sync::Arc::new($crate::SqlStore::new(executor)),
                    cache: $crate::SessionCache::new(),
                    name,
                    session: "default".to_owned(),
                }
            }

            /// Opens the database and creates the tables.
            fn opened(self) -> std::io::Result<Self> {
                $crate::backends::database::migrate(&self.store, &self.name, &self.session)?;
                Ok(self)
            }
        }
    };
}

pub(in crate::backends) use database_backend;
