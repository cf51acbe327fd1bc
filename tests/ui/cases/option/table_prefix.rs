//! Tables are named where the store is made.

use ferogram_session::{RowStore, SessionBackend};

#[derive(SessionBackend)]
#[session(rows(table_prefix = "bot_"))]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn RowStore>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
