//! The name as a constant.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value, name = NAME)]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

const NAME: &str = "main";

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
