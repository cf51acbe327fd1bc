//! A field that is none of the derive's business, as serde and clap would have it.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value)]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    #[session(flatten)]
    metrics: u64,
    #[session(long)]
    verbose: bool,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
