//! The key as a constant, whose value an attribute cannot read.

use ferogram_session::{KeyValueStore, SessionBackend};

const KEY: &str = "main";

#[derive(SessionBackend)]
#[session(key_value(key = KEY))]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
