//! The codec by another word, beside the mode.

use ferogram_session::{BlobStore, SessionBackend};

#[derive(SessionBackend)]
#[session(blob, format = "json")]
struct S3Backend {
    #[session(store)]
    bucket: Box<dyn BlobStore>,
    account: String,
}

fn main() {
    let _: fn(&S3Backend) -> &dyn SessionBackend = |backend| backend;
}
