//! The mode as serde tags an enum.

use ferogram_session::{RowStore, SessionBackend};

#[derive(SessionBackend)]
#[session(tag = "rows")]
struct PostgresBackend {
    #[session(store)]
    pool: Box<dyn RowStore>,
}

fn main() {
    let _: fn(&PostgresBackend) -> &dyn SessionBackend = |backend| backend;
}
