//! The options as methods of a builder.

use ferogram_session::{RowStore, SessionBackend};

#[derive(SessionBackend)]
#[session(rows.key("main"))]
struct SqlBackend {
    #[session(store)]
    pool: Box<dyn RowStore>,
}

fn main() {
    let _: fn(&SqlBackend) -> &dyn SessionBackend = |backend| backend;
}
