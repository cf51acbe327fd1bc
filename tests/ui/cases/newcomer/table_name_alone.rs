//! The name of the table, and no mode.

use ferogram_session::{RowStore, SessionBackend};

#[derive(SessionBackend)]
#[session(table_name = "bot")]
struct SqlBackend {
    #[session(store)]
    pool: Box<dyn RowStore>,
}

fn main() {
    let _: fn(&SqlBackend) -> &dyn SessionBackend = |backend| backend;
}
