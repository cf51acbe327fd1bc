//! The mode as a flag.

use ferogram_session::{RowStore, SessionBackend};

#[derive(SessionBackend)]
#[session(rows = true)]
struct SqlBackend {
    #[session(store)]
    pool: Box<dyn RowStore>,
}

fn main() {
    let _: fn(&SqlBackend) -> &dyn SessionBackend = |backend| backend;
}
