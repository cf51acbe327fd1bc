//! The trait is derived and implemented by hand.

use std::io;

use ferogram_session::{KeyValueStore, PersistedSession, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

impl SessionBackend for RedisBackend {
    fn save(&self, _: &PersistedSession) -> io::Result<()> {
        Ok(())
    }

    fn load(&self) -> io::Result<Option<PersistedSession>> {
        Ok(None)
    }

    fn delete(&self) -> io::Result<()> {
        Ok(())
    }

    fn name(&self) -> &str {
        "redis"
    }
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
