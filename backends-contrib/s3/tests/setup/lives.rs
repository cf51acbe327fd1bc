//! Made here, used there, dropped elsewhere.

use crate::SERVER;
use crate::support::config;
use ferogram_session::SessionBackend;
use ferogram_session_s3::S3Backend;
use ferogram_session_servers::sessions::full;

#[test]
fn from_every_kind_of_async_code() {
    let calls = || {
        let backend = S3Backend::with(config(&SERVER), "from async code");
        backend.save(&full(2)).unwrap();
        backend.set_home_dc(3).unwrap();
        assert_eq!(backend.load().unwrap().unwrap().home_dc_id, 3);
        drop(backend);
    };
    let current = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    current.block_on(async { calls() });
    current.block_on(async { tokio::task::spawn_blocking(calls).await.unwrap() });
    let threads =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    threads.block_on(async { tokio::spawn(async move { calls() }).await.unwrap() });
    drop(threads);
    // Its connections do not belong to a runtime that is gone.
    calls();
}
