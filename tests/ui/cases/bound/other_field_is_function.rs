//! A function that stays on one thread.

use std::io;

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    other: Box<dyn Fn(&str)>,
}

fn main() {
    let call: fn(&RedisBackend) -> io::Result<()> = |backend| {
        assert_eq!(backend.name(), "redis");
        backend.delete()
    };
    let _ = call;
}
