//! A pointer to what is no store.

use ferogram_session::SessionBackend;

struct Client;

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend {
    #[session(store)]
    redis: std::sync::Arc<Client>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
