//! Two marks on one field.

use ferogram_session::{KeyValueStore, SessionBackend, SessionCache};

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    #[session(cache, name)]
    cache: SessionCache,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
