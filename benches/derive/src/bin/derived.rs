//! With the derive.

#[path = "../../../compare/src/stores.rs"]
mod stores;

use ferogram_session::{MemoryStore, SessionBackend, SessionCache};
use stores::{Parts, Whole};

#[derive(SessionBackend)]
#[session(rows(key = "tg:{account}"), name = "bench")]
struct Rows {
    #[session(store)]
    memory: MemoryStore,
    account: String,
}

#[derive(SessionBackend)]
#[session(key_value(key = "tg:{account}"), name = "bench")]
struct Fields {
    #[session(store)]
    parts: Parts,
    #[session(cache)]
    cache: SessionCache,
    account: String,
}

#[derive(SessionBackend)]
#[session(blob(key = "tg:{account}"), name = "bench")]
struct Blob {
    #[session(store)]
    whole: Whole,
    #[session(cache)]
    cache: SessionCache,
    account: String,
}

fn main() {
    let (mode, calls) = derive_cost::arguments();
    let account = derive_cost::account();
    match mode.as_str() {
        "rows" => derive_cost::run(&Rows { memory: MemoryStore::new(), account }, calls),
        "key-value" => {
            let (parts, cache) = (Parts::default(), SessionCache::new());
            derive_cost::run(&Fields { parts, cache, account }, calls);
        }
        _ => {
            let (whole, cache) = (Whole::default(), SessionCache::new());
            derive_cost::run(&Blob { whole, cache, account }, calls);
        }
    }
}
