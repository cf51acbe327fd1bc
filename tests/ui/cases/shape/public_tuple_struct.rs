//! What is written beside the fields is kept.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value)]
pub struct RedisBackend<S>(pub S)
where
    S: KeyValueStore;

fn main() {
    let _: fn(&RedisBackend<Box<dyn KeyValueStore>>) -> &dyn SessionBackend = |backend| backend;
}
