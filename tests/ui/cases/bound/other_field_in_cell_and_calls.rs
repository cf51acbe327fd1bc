//! A field that stays on one thread, and methods of the backend that are called.

use std::io;

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    other: std::cell::RefCell<u8>,
}

fn main() {
    let call: fn(&RedisBackend) -> io::Result<()> = |backend| {
        assert_eq!(backend.name(), "redis");
        backend.delete()
    };
    let _ = call;
}
