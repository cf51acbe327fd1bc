//! As `thiserror` has its formats.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session("tg:{account}")]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    account: String,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
