//! A tuple struct whose key has the position of a field: two mistakes.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value(key = "{1}"))]
struct RedisBackend(#[session(store)] Box<dyn KeyValueStore>, String);

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
