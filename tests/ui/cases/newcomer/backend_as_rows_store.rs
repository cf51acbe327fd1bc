//! A backend around a backend, in the mode `rows`.

use ferogram_session::{BinaryFileBackend, SessionBackend};

#[derive(SessionBackend)]
#[session(rows)]
struct MyBackend {
    #[session(store)]
    inner: BinaryFileBackend,
}

fn main() {
    let _: fn(&MyBackend) -> &dyn SessionBackend = |backend| backend;
}
