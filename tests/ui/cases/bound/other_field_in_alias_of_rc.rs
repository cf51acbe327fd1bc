//! A field that is shared in one thread, by another name: the compiler says so,
//! of both traits that are asked for.

use std::rc::Rc;

use ferogram_session::{KeyValueStore, SessionBackend};

type Metrics = Rc<Vec<u64>>;

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    metrics: Metrics,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
