//! The table, as in other derives, a name and no mode.

use ferogram_session::{RowStore, SessionBackend};

#[derive(SessionBackend)]
#[session(table, name = "main")]
struct SqlBackend {
    #[session(store)]
    pool: Box<dyn RowStore>,
}

fn main() {
    let _: fn(&SqlBackend) -> &dyn SessionBackend = |backend| backend;
}
