//! What the help lines to newcomers say, pasted in, in the modes with other
//! stores.

use ferogram_session::{BlobStore, RowStore, SessionBackend};

#[derive(SessionBackend)]
#[session(blob(codec = json))]
struct S3Backend {
    #[session(store)]
    bucket: Box<dyn BlobStore>,
}

#[derive(SessionBackend)]
#[session(rows(key = "{account}"))]
struct PostgresBackend {
    #[session(store)]
    pool: Box<dyn RowStore>,
    account: String,
}

fn is_backend<B: SessionBackend>() {}

fn main() {
    is_backend::<S3Backend>();
    is_backend::<PostgresBackend>();
}
