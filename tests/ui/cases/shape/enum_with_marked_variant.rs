//! An enum whose variants are marked like fields.

use ferogram_session::{KeyValueStore, SessionBackend, SessionCache};

#[derive(SessionBackend)]
#[session(key_value)]
enum Backend {
    #[session(store)]
    Redis(Box<dyn KeyValueStore>),
    Cached {
        #[session(cache)]
        cache: SessionCache,
    },
}

fn main() {
    let _: fn(&Backend) -> &dyn SessionBackend = |backend| backend;
}
