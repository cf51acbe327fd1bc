//! Made here, used there, dropped elsewhere.

use ferogram_session::SessionBackend;
use ferogram_session_postgres::PostgresBackend;
use ferogram_session_servers::postgres::Postgres;
use ferogram_session_servers::sessions::full;
use tokio::runtime::{Builder, Runtime};

/// The conformance suite has many such cases; these end with open connections.
#[test]
fn made_used_and_dropped_in_runtimes_that_end() {
    let server = Postgres::open();
    let runtimes = || -> [Runtime; 2] {
        [Builder::new_current_thread(), Builder::new_multi_thread()]
            .map(|mut builder| builder.enable_all().build().unwrap())
    };
    let mut kept = Vec::new();
    for runtime in runtimes() {
        let url = server.url("postgres");
        kept.push(runtime.block_on(async move {
            // Dropped within.
            PostgresBackend::connect(&url, "first").unwrap().save(&full(3)).unwrap();
            let task = tokio::spawn(async move {
                let backend = PostgresBackend::new(&url, "my-bot");
                backend.save(&full(3)).unwrap();
                backend
            });
            task.await.unwrap()
        }));
    }
    for (backend, runtime) in kept.into_iter().zip(runtimes()) {
        backend.set_home_dc(4).unwrap();
        runtime.block_on(async move {
            assert_eq!(backend.load().unwrap().unwrap().home_dc_id, 4);
            drop(backend);
        });
    }
}
