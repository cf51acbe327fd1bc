//! The name is on the struct and on a field.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value, name = "redis")]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    #[session(name)]
    label: String,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
