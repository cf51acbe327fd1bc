//! The path leads to a module that has the trait, and not the rest of the
//! library.

mod facade {
    pub use ferogram_session::SessionBackend;
}

use ferogram_session::KeyValueStore;

#[derive(facade::SessionBackend)]
#[session(key_value, crate = crate::facade)]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

fn main() {}
