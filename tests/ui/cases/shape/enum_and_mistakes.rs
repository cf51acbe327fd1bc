//! An enum, and a mistake in its attribute.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_vlaue)]
enum RedisBackend {
    Redis(Box<dyn KeyValueStore>),
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
