//! The derive is forgotten.

use ferogram_session::{KeyValueStore, SessionBackend};

struct RedisBackend {
    _redis: Box<dyn KeyValueStore>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
