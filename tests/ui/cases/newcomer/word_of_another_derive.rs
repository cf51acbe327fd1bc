//! A word of another derive beside the mode: it is no second mode.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value, primary_key(account))]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    account: String,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
