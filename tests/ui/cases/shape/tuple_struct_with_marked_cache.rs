//! A tuple struct whose cache stands before its store.

use ferogram_session::{KeyValueStore, SessionBackend, SessionCache};

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend(#[session(cache)] SessionCache, #[session(store)] Box<dyn KeyValueStore>);

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
