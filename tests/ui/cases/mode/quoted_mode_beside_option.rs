//! A mode in quotes, beside an option: two mistakes.

use ferogram_session::{BlobStore, SessionBackend};

#[derive(SessionBackend)]
#[session("blob", key = "x")]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn BlobStore>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
