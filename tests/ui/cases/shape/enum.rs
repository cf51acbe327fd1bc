//! A backend wraps exactly one store.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value)]
enum AnyBackend {
    Redis(Box<dyn KeyValueStore>),
    Other(Box<dyn KeyValueStore>),
}

fn main() {
    let _: fn(&AnyBackend) -> &dyn SessionBackend = |backend| backend;
}
