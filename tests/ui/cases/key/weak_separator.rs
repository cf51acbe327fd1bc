//! Two fields with nothing between them that a value cannot contain.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value(key = "{account}-{dc}"))]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    account: String,
    dc: i32,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
