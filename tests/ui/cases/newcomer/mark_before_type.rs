//! The mark stands before the type. The compiler says that it cannot be there.

use std::io;

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend {
    redis: #[session(store)] Box<dyn KeyValueStore>,
    account: String,
}

fn main() {
    let call: fn(&RedisBackend) -> io::Result<()> = |backend| {
        assert_eq!(backend.name(), "redis");
        backend.delete()
    };
    let _ = call;
}
