//! Two options beside the mode, each with a mistake in its value.

use ferogram_session::{BlobStore, SessionBackend};

#[derive(SessionBackend)]
#[session(blob, key = "{acount}", codec = "json")]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn BlobStore>,
    account: String,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
