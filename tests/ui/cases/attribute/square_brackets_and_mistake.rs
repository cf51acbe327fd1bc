//! Square brackets, and a mistake in them.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session[key_value(codek = json)]]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
