//! What may stand in the parentheses of this mode.

use ferogram_session::{RowStore, SessionBackend};

#[derive(SessionBackend)]
#[session(rows("main"))]
struct PostgresBackend {
    #[session(store)]
    pool: Box<dyn RowStore>,
}

fn main() {
    let _: fn(&PostgresBackend) -> &dyn SessionBackend = |backend| backend;
}
