//! The field marked as a part of the key.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    #[session(key_part)]
    account: String,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
