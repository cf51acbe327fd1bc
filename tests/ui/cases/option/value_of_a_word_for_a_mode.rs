//! A word for a mode, with a value, beside one.

use ferogram_session::{BlobStore, SessionBackend};

#[derive(SessionBackend)]
#[session(blob, file = "x.session")]
struct RedisBackend {
    #[session(store)]
    bucket: Box<dyn BlobStore>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
