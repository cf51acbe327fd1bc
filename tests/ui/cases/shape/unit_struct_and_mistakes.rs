//! No field, and other mistakes.

use ferogram_session::SessionBackend;

#[derive(SessionBackend)]
#[session(key_value(key = "tg:{"), name = "")]
struct RedisBackend;

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
