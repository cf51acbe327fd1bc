//! The mode as the value of the mark.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
struct RedisBackend {
    #[session(store = key_value)]
    redis: Box<dyn KeyValueStore>,
    account: String,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
