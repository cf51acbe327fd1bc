//! A struct without fields.

use ferogram_session::SessionBackend;

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend;

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
