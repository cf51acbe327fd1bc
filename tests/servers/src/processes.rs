//! Several processes that write one session: the test program starts itself
//! again, for the same test.

use crate::sessions::{full, user};
use ferogram_session::{SessionBackend, UpdateStateChange};
use std::process::{Child, Command, Stdio};

const NUMBER: &str = "FEROGRAM_SESSION_SERVERS_PROCESS";
const SERVER: &str = "FEROGRAM_SESSION_SERVERS_PROCESS_SERVER";

const PROCESSES: i64 = 8;
const CALLS: i64 = 25;

/// Eight processes write one session and lose nothing. `test` is the name of
/// the test that calls this; `open` starts the server and tells where it is, and
/// runs only in the first process.
///
/// # Panics
///
/// If an update is lost, or a process fails.
pub fn eight_on_one_session<S, B: SessionBackend>(
    test: &str,
    open: impl FnOnce() -> (S, String),
    make: impl Fn(&str) -> B,
) {
    if let (Ok(number), Ok(server)) = (std::env::var(NUMBER), std::env::var(SERVER)) {
        return write(&make(&server), number.parse().unwrap());
    }
    let (_running, server) = open();
    let backend = make(&server);
    backend.save(&full(0)).unwrap();
    let before = backend.load().unwrap().unwrap().peers.len() as i64;
    let start = |number: i64| -> Child {
        Command::new(std::env::current_exe().unwrap())
            .args([test, "--exact", "--nocapture", "--test-threads=1"])
            .env(NUMBER, number.to_string())
            .env(SERVER, &server)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    };
    let processes: Vec<Child> = (0..PROCESSES).map(start).collect();
    for process in processes {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "a process failed: {output:?}");
    }
    let session = backend.load().unwrap().unwrap();
    assert_eq!(session.peers.len() as i64, before + PROCESSES * CALLS, "peers");
    let channels = &session.updates_state.channels;
    for process in 0..PROCESSES {
        let last = CALLS as i32 - 1;
        assert!(channels.contains(&(10_000 + process, last)), "channel of process {process}");
    }
}

fn write(backend: &dyn SessionBackend, process: i64) {
    for at in 0..CALLS {
        // One without a hash has to know what is stored, so these compare.
        let hash = at % 2;
        backend.cache_peer(&user(1_000_000 + process * CALLS + at, hash)).unwrap();
        let pts = UpdateStateChange::Channel { id: 10_000 + process, pts: at as i32 };
        backend.apply_update_state(pts).unwrap();
    }
}
