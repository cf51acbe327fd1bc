//! The argument of a generic backend is no store.

use ferogram_session::SessionBackend;

struct Client;

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend<S> {
    #[session(store)]
    redis: S,
}

fn main() {
    let _: fn(&RedisBackend<Client>) -> &dyn SessionBackend = |backend| backend;
}
