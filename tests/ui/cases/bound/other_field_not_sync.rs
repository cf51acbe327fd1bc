//! A field beside the store that cannot be shared by threads, by another name: the
//! compiler says so.

use ferogram_session::{KeyValueStore, SessionBackend};

type Counter = std::cell::Cell<u8>;

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    counter: Counter,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
