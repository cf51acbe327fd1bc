//! The attribute with a letter too few.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[sesion(key_value)]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
