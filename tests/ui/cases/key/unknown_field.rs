//! A field in a key that the struct does not have.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value(key = "{tenant}"))]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    account: String,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
