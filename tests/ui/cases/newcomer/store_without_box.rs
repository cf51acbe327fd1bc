//! A trait object without its box.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend {
    #[session(store)]
    redis: dyn KeyValueStore,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
