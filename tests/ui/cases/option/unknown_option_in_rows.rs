//! An option that this mode does not have.

use ferogram_session::{RowStore, SessionBackend};

#[derive(SessionBackend)]
#[session(rows(ttl = 60))]
struct RedisBackend {
    #[session(store)]
    pool: Box<dyn RowStore>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
