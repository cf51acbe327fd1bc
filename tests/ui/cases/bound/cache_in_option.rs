//! A cache that may be there.

use ferogram_session::{RowStore, SessionBackend, SessionCache};

#[derive(SessionBackend)]
#[session(rows)]
struct SqlBackend {
    #[session(store)]
    pool: Box<dyn RowStore>,
    #[session(cache)]
    cache: Option<SessionCache>,
}

fn main() {
    let _: fn(&SqlBackend) -> &dyn SessionBackend = |backend| backend;
}
