//! A reference to what is no store, in a struct with a lifetime.

use ferogram_session::SessionBackend;

struct Client;

#[derive(SessionBackend)]
#[session(key_value(key = "{account}"))]
struct RedisBackend<'a> {
    #[session(store)]
    redis: &'a Client,
    account: &'a str,
}

fn main() {
    let _: fn(&'static RedisBackend<'static>) -> &'static dyn SessionBackend = |backend| backend;
}
