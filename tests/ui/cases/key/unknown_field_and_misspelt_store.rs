//! A field that is not there, and a store that is misspelt: two mistakes.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value(key = "{id}"))]
struct RedisBackend {
    #[session(stroe)]
    redis: Box<dyn KeyValueStore>,
    account: String,
    tenant: String,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
