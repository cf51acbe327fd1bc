//! The mode as an item of the library, with its options.

use ferogram_session::{RowStore, SessionBackend};

#[derive(SessionBackend)]
#[session(ferogram_session::rows(key = "main"))]
struct SqlBackend {
    #[session(store)]
    pool: Box<dyn RowStore>,
    account: String,
}

fn main() {
    let _: fn(&SqlBackend) -> &dyn SessionBackend = |backend| backend;
}
