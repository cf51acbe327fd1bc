//! The store is a parameter that may have no size.

use ferogram_session::SessionBackend;

#[derive(SessionBackend)]
#[session(key_value)]
struct Backend<S: ?Sized> {
    #[session(store)]
    store: S,
}

fn main() {}
