//! Rows have columns instead of a codec.

use ferogram_session::{RowStore, SessionBackend};

#[derive(SessionBackend)]
#[session(rows(codec = native))]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn RowStore>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
