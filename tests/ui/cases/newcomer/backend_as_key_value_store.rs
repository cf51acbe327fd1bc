//! A backend around a backend, in the mode `key_value`.

use ferogram_session::{BinaryFileBackend, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value)]
struct MyBackend {
    #[session(store)]
    inner: BinaryFileBackend,
}

fn main() {
    let _: fn(&MyBackend) -> &dyn SessionBackend = |backend| backend;
}
