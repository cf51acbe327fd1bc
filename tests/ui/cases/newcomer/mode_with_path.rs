//! The mode as an item of the library.

use ferogram_session::{RowStore, SessionBackend};

#[derive(SessionBackend)]
#[session(ferogram_session::rows)]
struct SqlBackend {
    #[session(store)]
    pool: Box<dyn RowStore>,
    account: String,
}

fn main() {
    let _: fn(&SqlBackend) -> &dyn SessionBackend = |backend| backend;
}
