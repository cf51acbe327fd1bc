//! A tuple struct, with other mistakes in it.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value(codek = json, key = "tg:{"), name = "")]
struct RedisBackend(#[session(stroe)] Box<dyn KeyValueStore>, #[session(cahe)] u8);

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
