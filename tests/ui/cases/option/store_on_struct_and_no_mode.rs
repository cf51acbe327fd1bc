//! The store is marked on the struct, in place of a mode.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(store = RedisStore, name = "tg")]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    account: String,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
