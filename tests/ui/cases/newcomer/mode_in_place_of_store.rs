//! The field of the store is marked with the mode.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
struct RedisBackend {
    #[session(key_value)]
    redis: Box<dyn KeyValueStore>,
    account: String,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
