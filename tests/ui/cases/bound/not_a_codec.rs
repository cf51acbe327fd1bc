//! The codec lacks its trait.

use ferogram_session::{KeyValueStore, SessionBackend};

mod mine {
    pub struct MyCodec;
}

#[derive(SessionBackend)]
#[session(key_value(codec = mine::MyCodec))]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
