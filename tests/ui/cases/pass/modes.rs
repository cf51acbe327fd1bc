//! Each mode alone, without an option.

use ferogram_session::{BlobStore, KeyValueStore, RowStore, SessionBackend};

#[derive(SessionBackend)]
#[session(blob)]
struct S3Backend {
    #[session(store)]
    bucket: Box<dyn BlobStore>,
}

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

#[derive(SessionBackend)]
#[session(rows)]
struct PostgresBackend {
    #[session(store)]
    pool: Box<dyn RowStore>,
}

fn is_backend<B: SessionBackend>() {}

fn main() {
    is_backend::<S3Backend>();
    is_backend::<RedisBackend>();
    is_backend::<PostgresBackend>();
}
