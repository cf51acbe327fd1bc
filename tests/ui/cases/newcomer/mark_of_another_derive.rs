//! Another derive has an attribute `Session`: it marks no store.

use ferogram_session::{KeyValueStore, SessionBackend};
use ferogram_session_tests_other_derive::OtherDerive;

#[derive(OtherDerive, SessionBackend)]
#[session(key_value)]
struct RedisBackend {
    #[Session(store)]
    redis: Box<dyn KeyValueStore>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
