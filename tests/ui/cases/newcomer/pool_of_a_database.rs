//! The pool of a database, which knows nothing of sessions.

use ferogram_session::SessionBackend;

struct PgPool;

#[derive(SessionBackend)]
#[session(rows)]
struct PostgresBackend {
    #[session(store)]
    pool: PgPool,
}

fn main() {
    let _: fn(&PostgresBackend) -> &dyn SessionBackend = |backend| backend;
}
