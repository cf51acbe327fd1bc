//! The cache is shared, but only within one thread.

use std::rc::Rc;

use ferogram_session::{RowStore, SessionBackend, SessionCache};

#[derive(SessionBackend)]
#[session(rows)]
struct SqlBackend {
    #[session(store)]
    pool: Box<dyn RowStore>,
    #[session(cache)]
    cache: Rc<SessionCache>,
}

fn main() {
    let _: fn(&SqlBackend) -> &dyn SessionBackend = |backend| backend;
}
