//! Another derive has an attribute `Session`, and ours is beside it.

use ferogram_session::{KeyValueStore, SessionBackend};
use ferogram_session_tests_other_derive::OtherDerive;

#[derive(SessionBackend, OtherDerive)]
#[Session(table = "sessions")]
#[session(key_value)]
struct RedisBackend {
    #[Session(flatten)]
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
