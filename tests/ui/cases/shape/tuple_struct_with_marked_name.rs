//! A tuple struct whose name is marked, and not its store.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend(#[session(name)] String, Box<dyn KeyValueStore>);

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
