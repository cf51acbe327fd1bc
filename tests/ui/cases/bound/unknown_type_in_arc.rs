//! The same in an `Arc`.

use std::sync::Arc;

use ferogram_session::SessionBackend;

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend {
    #[session(store)]
    redis: Arc<S>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
