//! A type that nobody knows.

use ferogram_session::SessionBackend;

#[derive(SessionBackend)]
#[session(key_value(key = "tg:{account}"))]
struct RedisBackend {
    #[session(store)]
    redis: RedisStoer,
    account: Strng,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
