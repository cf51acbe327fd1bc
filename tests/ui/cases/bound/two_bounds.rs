//! Two fields of the wrong type are two errors.

use ferogram_session::SessionBackend;

struct Client;

#[derive(SessionBackend)]
#[session(key_value(key = "{path}"))]
struct RedisBackend {
    #[session(store)]
    redis: Client,
    path: std::path::PathBuf,
}

fn main() {
    let _: fn(&RedisBackend) -> &dyn SessionBackend = |backend| backend;
}
