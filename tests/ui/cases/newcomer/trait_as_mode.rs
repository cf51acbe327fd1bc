//! The trait that the store implements.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(KeyValueStore)]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
