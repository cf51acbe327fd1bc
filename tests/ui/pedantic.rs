//! A user who denies what can be denied. `cargo clippy` checks this file like
//! any other; the compiler alone knows no `clippy::pedantic`.

#![deny(
    warnings,
    missing_docs,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::unwrap_used
)]

use std::fmt;

use ferogram_session::{BlobStore, KeyValueStore, RowStore, SessionBackend, SessionCache};

/// Everything that an attribute can say.
#[derive(SessionBackend)]
#[session(key_value(key = "tg:{tenant}:{account}", codec = json))]
pub struct RedisBackend<'a, S, A: fmt::Display = String>
where
    S: KeyValueStore,
{
    #[session(store)]
    redis: &'a S,
    #[session(cache)]
    cache: SessionCache,
    #[session(name)]
    label: String,
    tenant: u64,
    /// Whose session.
    pub account: A,
}

impl<'a, S: KeyValueStore, A: fmt::Display> RedisBackend<'a, S, A> {
    /// A backend for an account.
    pub const fn new(redis: &'a S, label: String, tenant: u64, account: A) -> Self {
        Self { redis, cache: SessionCache::new(), label, tenant, account }
    }
}

impl<S: KeyValueStore, A: fmt::Display> fmt::Debug for RedisBackend<'_, S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisBackend").field("label", &self.label).finish_non_exhaustive()
    }
}

/// A blob.
#[derive(SessionBackend)]
#[session(blob)]
pub struct S3Backend {
    #[session(store)]
    bucket: Box<dyn BlobStore>,
}

impl From<Box<dyn BlobStore>> for S3Backend {
    fn from(bucket: Box<dyn BlobStore>) -> Self {
        Self { bucket }
    }
}

impl fmt::Debug for S3Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3Backend").finish_non_exhaustive()
    }
}

/// Rows.
#[derive(SessionBackend)]
#[session(rows, name = "postgres")]
pub struct PostgresBackend<const SHARD: usize> {
    #[session(store)]
    pool: Box<dyn RowStore>,
}

impl<const SHARD: usize> From<Box<dyn RowStore>> for PostgresBackend<SHARD> {
    fn from(pool: Box<dyn RowStore>) -> Self {
        Self { pool }
    }
}

impl<const SHARD: usize> fmt::Debug for PostgresBackend<SHARD> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresBackend").field("shard", &SHARD).finish_non_exhaustive()
    }
}
