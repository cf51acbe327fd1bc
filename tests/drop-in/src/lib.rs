//! What the drop-in tests share: sessions that keep the client on this machine,
//! a server for it to dial, and a backend that notes how it is called.

pub mod bot;
pub mod checks;
pub mod datacentre;
pub mod kinds;
pub mod life;
pub mod seed;
pub mod server;
pub mod watched;

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ferogram::{Client, ClientBuilder, SessionBackend, ShutdownToken};

pub use datacentre::Datacentre;
pub use seed::seed;
pub use server::{Answer, Server};
pub use watched::{Call, Watched};

/// Stops the test unless nothing but this machine can be reached.
///
/// A session that does not load makes the client dial Telegram, so a failing
/// test would reach out from wherever it runs. `run` provides a network
/// namespace with loopback alone; anything else is refused here.
pub fn assert_isolated() {
    let routes = std::fs::read_to_string("/proc/net/route").expect("needs Linux");
    let v4 = routes.lines().skip(1).filter(|l| !l.starts_with("lo")).count();
    // The file is absent where IPv6 is switched off.
    let routes = std::fs::read_to_string("/proc/net/ipv6_route").unwrap_or_default();
    let v6 = routes.lines().filter(|l| !l.ends_with(" lo")).count();
    assert!(
        v4 == 0 && v6 == 0,
        "this machine has routes to others; run tests/drop-in/run, which isolates the tests"
    );
}

/// The builder of every test. `trap` is where a client goes that believes it has
/// no session.
pub fn builder(trap: &Server) -> ClientBuilder {
    builder_at(&trap.addr())
}

/// The same, for a trap in another process.
pub fn builder_at(trap: &str) -> ClientBuilder {
    assert_isolated();
    Client::builder().api_id(1).api_hash("0123456789abcdef0123456789abcdef").dc_addr(trap)
}

/// What `connect` gave, within ten seconds.
#[derive(Debug)]
pub enum Outcome {
    Connected(Connected),
    Failed(String),
    Hung,
}

/// A connected client and its switch.
pub struct Connected {
    pub client: Client,
    pub shutdown: ShutdownToken,
}

impl std::fmt::Debug for Connected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a client")
    }
}

/// Connects, noting for `Watched` which calls are made from inside the future.
pub async fn connect(builder: ClientBuilder) -> Outcome {
    let connect = watched::Polled::new(builder.connect());
    match tokio::time::timeout(Duration::from_secs(10), connect).await {
        Ok(Ok((client, shutdown))) => Outcome::Connected(Connected { client, shutdown }),
        Ok(Err(error)) => Outcome::Failed(error.to_string()),
        Err(_) => Outcome::Hung,
    }
}

/// The two runtimes an application may have.
pub fn runtimes() -> Vec<(&'static str, tokio::runtime::Runtime)> {
    let build = |mut builder: tokio::runtime::Builder| builder.enable_all().build().unwrap();
    let mut many = tokio::runtime::Builder::new_multi_thread();
    many.worker_threads(2);
    vec![
        ("multi-thread", build(many)),
        ("current-thread", build(tokio::runtime::Builder::new_current_thread())),
    ]
}

/// Runs `future` as a task, as an application's handler would run, and gives up
/// on what is left of it after a while, as an application's exit would.
pub fn run<T: Send + 'static>(
    runtime: tokio::runtime::Runtime,
    future: impl Future<Output = T> + Send + 'static,
) -> T {
    let result = runtime.block_on(async { tokio::spawn(future).await });
    runtime.shutdown_timeout(Duration::from_secs(5));
    match result {
        Ok(value) => value,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// A way to get a backend for one stored session, again and again: a new handle
/// on the same file, or the same object where nothing outlives it.
pub type Open = Arc<dyn Fn() -> Arc<dyn SessionBackend> + Send + Sync>;

/// Always the same object.
pub fn same(backend: impl SessionBackend + 'static) -> Open {
    let backend: Arc<dyn SessionBackend> = Arc::new(backend);
    Arc::new(move || backend.clone())
}

/// New handles on one file, in a folder of its own that lasts as long as they do.
pub fn on_file<B: SessionBackend + 'static>(name: &str, backend: fn(PathBuf) -> B) -> Open {
    let folder = tempfile::tempdir().expect("a folder");
    let name = name.to_owned();
    Arc::new(move || Arc::new(backend(folder.path().join(&name))))
}

/// One module for each backend, with the tests in `checks`.
#[macro_export]
macro_rules! backends {
    ($($name:ident: $open:expr;)*) => {$(
        mod $name {
            use super::*;

            fn open() -> $crate::Open {
                $open
            }

            #[test]
            fn loads_inside_connect() {
                $crate::checks::loads_inside_connect(open);
            }

            #[test]
            fn serves_a_client() {
                $crate::checks::serves_a_client(open);
            }
        }
    )*};
}
