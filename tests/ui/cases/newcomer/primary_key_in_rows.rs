//! As a database has its keys.

use ferogram_session::{RowStore, SessionBackend};

#[derive(SessionBackend)]
#[session(rows(primary_key(account)))]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn RowStore>,
    account: String,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
