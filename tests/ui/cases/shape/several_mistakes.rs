//! Every mistake of a struct is reported in one build.

use ferogram_session::{KeyValueStore, SessionBackend, SessionCache};

#[derive(SessionBackend)]
#[session(key_vlaue(key = "{acount}:{redis}", codek = json), name = "")]
struct RedisBackend {
    #[session(store)]
    redis: Box<dyn KeyValueStore>,
    #[session(cahe)]
    cache: SessionCache,
    account: String,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
