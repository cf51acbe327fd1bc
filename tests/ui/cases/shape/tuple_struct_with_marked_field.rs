//! A tuple struct whose field is marked.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend<S>(#[session(store)] S, String);

fn main() {
    let _: fn(&RedisBackend<Box<dyn KeyValueStore>>) -> &dyn SessionBackend = |backend| backend;
}
