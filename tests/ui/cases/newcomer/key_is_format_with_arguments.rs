//! The key as `format!` makes it.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value(key = format!("tg:{}:{}", self.tenant, self.account)))]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    tenant: String,
    account: String,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
