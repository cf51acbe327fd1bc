//! A parameter that no field has: the compiler says so, and nothing else.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend<T> {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

fn main() {
    let _: fn(&RedisBackend<u8>) -> &dyn SessionBackend = |backend| backend;
}
