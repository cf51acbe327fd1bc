//! Two types that stay on one thread, one in the other.

use std::cell::RefCell;
use std::rc::Rc;

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    other: std::option::Option<Rc<RefCell<u8>>>,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
