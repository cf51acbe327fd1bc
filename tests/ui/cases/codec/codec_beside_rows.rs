//! Beside the mode, and it would have no effect in it either.

use ferogram_session::{RowStore, SessionBackend};

#[derive(SessionBackend)]
#[session(rows, codec = json)]
struct PostgresBackend {
    #[session(store)]
    pool: Box<dyn RowStore>,
}

fn main() {
    let _: fn(&PostgresBackend) -> &dyn SessionBackend = |backend| backend;
}
