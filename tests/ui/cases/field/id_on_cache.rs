//! The cache as part of the key.

use ferogram_session::{KeyValueStore, SessionBackend, SessionCache};

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    #[session(cache, id)]
    cache: SessionCache,
    account: String,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
