//! The attribute under a name of its own.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session_backend(key_value)]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    account: String,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
