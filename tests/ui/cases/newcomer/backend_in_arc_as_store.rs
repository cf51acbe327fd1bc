//! The same, shared.

use std::sync::Arc;

use ferogram_session::SessionBackend;

#[derive(SessionBackend)]
#[session(blob)]
struct RedisBackend {
    #[session(store)]
    redis: Arc<dyn SessionBackend>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
