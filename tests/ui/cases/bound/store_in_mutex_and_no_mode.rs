//! A lock around the store, and no mode.

use std::sync::Mutex;

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
struct RedisBackend {
    #[session(store)]
    redis: Mutex<Box<dyn KeyValueStore>>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
