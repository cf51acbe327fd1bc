//! Another derive has an attribute `Session`: it is not ours.

use ferogram_session::{KeyValueStore, SessionBackend};
use ferogram_session_tests_other_derive::OtherDerive;

#[derive(SessionBackend, OtherDerive)]
#[Session(key_value)]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
