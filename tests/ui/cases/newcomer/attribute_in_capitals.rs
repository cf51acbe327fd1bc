//! The attribute as C# would spell it.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[Session(key_value)]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    account: String,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
