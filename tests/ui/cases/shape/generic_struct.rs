//! A generic struct with a mistake still is a backend for the rest of the build.

use ferogram_session::{KeyValueStore, SessionBackend};

#[derive(SessionBackend)]
#[session(key_value(key = "{acount}"))]
struct RedisBackend<'a, S, const N: usize = 2>
where
    S: KeyValueStore,
{
    #[session(store)]
    redis: &'a S,
    account: [String; N],
}

fn main() {
    let _: fn(
        &'static RedisBackend<'static, Box<dyn KeyValueStore>>,
    ) -> &'static dyn SessionBackend = |backend| backend;
}
