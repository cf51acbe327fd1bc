//! A lock around the store, as one would share a client.

use std::sync::{Arc, Mutex};

use ferogram_session::{BlobStore, SessionBackend};

#[derive(SessionBackend)]
#[session(blob)]
struct S3Backend {
    #[session(store)]
    bucket: Arc<Mutex<Box<dyn BlobStore>>>,
}

fn main() {
    let _: fn(&S3Backend) -> &dyn SessionBackend = |backend| backend;
}
