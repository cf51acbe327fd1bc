//! Every call from everywhere.

use ferogram_session::{LibSqlBackend, SessionBackend};
use ferogram_session_servers::sqld::Sqld;
use ferogram_session_tests::sessions::{full, user};
use std::path::Path;
use tokio::runtime::{Builder, Runtime};

fn multi_thread() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Every constructor, and calls on what it makes; dropped here as well.
fn everything(server: &str, folder: &Path) {
    let copy = folder.join(format!("copy-{:?}.db", std::thread::current().id()));
    let made = [
        LibSqlBackend::new(folder.join("sessions.db")),
        LibSqlBackend::open_local(folder.join("sessions.db")).unwrap(),
        LibSqlBackend::in_memory().unwrap(),
        LibSqlBackend::remote(server, ""),
        LibSqlBackend::open_remote(server, "").unwrap(),
        LibSqlBackend::open_replica(copy, server, "").unwrap(),
    ];
    for backend in made {
        backend.save(&full(3)).unwrap();
        backend.set_home_dc(4).unwrap();
        backend.cache_peer(&user(77, 0)).unwrap();
        assert_eq!(backend.load().unwrap().unwrap().home_dc_id, 4);
        assert_eq!(backend.sessions().unwrap(), ["default"]);
        backend.session("other").delete().unwrap();
    }
}

#[test]
fn every_call_works_from_everywhere() {
    let server = Sqld::open();
    let folder = tempfile::tempdir().unwrap();
    let (url, folder) = (server.url(), folder.path());
    let run = |what: &str| {
        eprintln!("{what}");
        let folder = folder.join(what);
        std::fs::create_dir(&folder).unwrap();
        everything(&url, &folder);
    };
    run("plain-thread");
    multi_thread().block_on(async { run("multi-thread") });
    current_thread().block_on(async { run("current-thread") });
    let runtime = current_thread();
    tokio::task::LocalSet::new().block_on(&runtime, async { run("local-set") });
    let (at, to) = (url.clone(), folder.join("spawned"));
    std::fs::create_dir(&to).unwrap();
    multi_thread().block_on(async {
        let (url, folder) = (at.clone(), to.clone());
        tokio::spawn(async move { everything(&url, &folder) }).await.unwrap();
        tokio::task::spawn_blocking(move || everything(&at, &to)).await.unwrap();
    });
}

#[test]
fn made_in_one_place_and_used_and_dropped_in_others() {
    let server = Sqld::open();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let first = multi_thread();
    let made = first.block_on(async {
        [
            LibSqlBackend::open_remote(server.url(), "").unwrap(),
            LibSqlBackend::open_replica(&copy, server.url(), "").unwrap(),
        ]
    });
    first.shutdown_background();
    made.iter().for_each(|backend| backend.save(&full(1)).unwrap());
    let second = current_thread();
    second.block_on(async {
        for backend in made {
            assert!(backend.load().unwrap().is_some());
            drop(backend);
        }
    });
}
