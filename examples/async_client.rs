//! An async client behind a backend: `Blocking` makes its store one like any
//! other, and `AsyncReconnect` opens its connection when it is first needed
//! and when it broke. Calls work from any thread, within a runtime and without.
//!
//! ```text
//! $ cargo run --example async_client
//! from a plain thread: saved
//! in async code: home dc 2, 1 auth key, pts 4711, 10 peers
//! after spawn_blocking: home dc 2, 1 auth key, pts 4711, 11 peers
//! ```

use example_stores::sample::{channel, in_short, login};
use example_stores::{TcpService, TcpStore};
use ferogram_session::{Blocking, SessionBackend, SessionCache};
use std::io;
use std::sync::Arc;

#[derive(SessionBackend)]
#[session(blob(key = "tg:{account}"))]
struct ServiceBackend {
    #[session(store)]
    service: Blocking<TcpStore>,
    #[session(cache)]
    cache: SessionCache,
    account: &'static str,
}

fn main() -> io::Result<()> {
    let service = TcpService::start()?;
    let open = |account| ServiceBackend {
        service: Blocking::new(TcpStore::new(service.address())),
        cache: SessionCache::new(),
        account,
    };
    open("my-bot").save(&login(10))?;
    println!("from a plain thread: saved");

    let backend: Arc<dyn SessionBackend> = Arc::new(open("my-bot"));
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(async {
        // As the client does it: `load` in async code, the rest beside it.
        println!("in async code: {}", in_short(backend.load()?.as_ref()));
        let shared = Arc::clone(&backend);
        tokio::task::spawn_blocking(move || shared.cache_peer(&channel(1_001))).await??;
        println!("after spawn_blocking: {}", in_short(backend.load()?.as_ref()));
        Ok(())
    })
}
