//! The options of a misspelt mode are checked too.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_vlaue(codek = native, key = "{acount}"))]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    account: String,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
