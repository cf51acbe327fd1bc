//! The mode as a variant of an enum, with its options.

use ferogram_session::{RowStore, SessionBackend};

#[derive(SessionBackend)]
#[session(Mode::Rows(key = "main"))]
struct SqlBackend {
    #[session(store)]
    pool: Box<dyn RowStore>,
    account: String,
}

fn main() {
    let _: fn(&SqlBackend) -> &dyn SessionBackend = |backend| backend;
}
