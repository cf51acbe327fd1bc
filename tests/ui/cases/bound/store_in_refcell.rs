//! The store stays on one thread, in a crate that forbids unsafe code.

#![forbid(unsafe_code)]

use std::cell::RefCell;

use ferogram_session::SessionBackend;

struct Client;

#[derive(SessionBackend)]
#[session(rows)]
struct SqlBackend {
    #[session(store)]
    client: RefCell<Client>,
}

fn main() {
    let _: fn(&SqlBackend) -> &dyn SessionBackend = |backend| backend;
}
