//! With the derive.

use ferogram_session::{MemoryStore, SessionBackend};

#[derive(SessionBackend)]
#[session(rows(key = "tg:{account}"), name = "bench")]
struct Backend {
    #[session(store)]
    memory: MemoryStore,
    account: String,
}

fn main() {
    derive_cost::run(|memory, account| Backend { memory, account });
}
