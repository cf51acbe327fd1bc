//! The store as part of its own key, beside a field that may be: two mistakes.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend {
    #[session(store, key)]
    redis: Box<dyn KeyValueStore>,
    #[session(key)]
    account: String,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
