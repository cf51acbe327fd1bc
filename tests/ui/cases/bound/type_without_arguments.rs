//! A type that needs one of its own.

use std::sync::Arc;

use ferogram_session::SessionBackend;

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend {
    #[session(store)]
    redis: Arc,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
