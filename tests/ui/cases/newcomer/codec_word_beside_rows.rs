//! A codec beside rows, which have none.

use ferogram_session::{RowStore, SessionBackend};

#[derive(SessionBackend)]
#[session(rows, json)]
struct PostgresBackend {
    #[session(store)]
    pool: Box<dyn RowStore>,
    account: String,
}

fn main() {
    let _: fn(&PostgresBackend) -> &dyn SessionBackend = |backend| backend;
}
