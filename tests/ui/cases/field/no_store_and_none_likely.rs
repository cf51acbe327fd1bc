//! No field is the store, and none looks like it.

use ferogram_session::SessionBackend;

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend {
    account: String,
    port: u16,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
