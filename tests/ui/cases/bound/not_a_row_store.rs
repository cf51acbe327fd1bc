//! The store lacks the trait of the mode.

use ferogram_session::SessionBackend;

struct Client;

#[derive(SessionBackend)]
#[session(rows)]
struct PostgresBackend {
    #[session(store)]
    pool: Client,
}

fn main() {
    let _: fn(&PostgresBackend) -> &dyn SessionBackend = |backend| backend;
}
