//! A field in the key that has no text.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value(key = "tg:{path}"))]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    path: std::path::PathBuf,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
