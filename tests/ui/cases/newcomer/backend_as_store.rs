//! A backend around a backend.

use ferogram_session::{BinaryFileBackend, SessionBackend};

#[derive(SessionBackend)]
#[session(blob)]
struct MyBackend {
    #[session(store)]
    inner: BinaryFileBackend,
}

fn main() {
    let _: fn(&MyBackend) -> &dyn SessionBackend = |backend| backend;
}
