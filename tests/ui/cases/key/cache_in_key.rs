//! The cache is part of the key.

use ferogram_session::{KeyValueStore, SessionBackend, SessionCache};

#[derive(SessionBackend)]
#[session(key_value(key = "tg:{cache}"))]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    #[session(cache)]
    cache: SessionCache,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
