//! The path of the library starts at the module.

use ferogram_session::{KeyValueStore, SessionBackend};

mod reexport {
    pub use ferogram_session::__private;
}

#[derive(SessionBackend)]
#[session(key_value, crate = self::reexport)]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
