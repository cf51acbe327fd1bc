//! On a field, and it would have no effect on the struct either.

use ferogram_session::{RowStore, SessionBackend};

#[derive(SessionBackend)]
#[session(rows)]
struct PostgresBackend {
    #[session(store, codec = json)]
    pool: Box<dyn RowStore>,
}

fn main() {
    let _: fn(&PostgresBackend) -> &dyn SessionBackend = |backend| backend;
}
