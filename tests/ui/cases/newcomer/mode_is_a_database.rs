//! A database in place of a mode.

use ferogram_session::{RowStore, SessionBackend};

#[derive(SessionBackend)]
#[session(backend = "sqlite")]
struct RedisBackend {
    #[session(store)]
    pool: Box<dyn RowStore>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
