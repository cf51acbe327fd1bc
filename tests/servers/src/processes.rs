//! Several processes that write one session: the test program starts itself
//! again, for the same test.

use crate::sessions::{full, user};
use ferogram_session::{SessionBackend, UpdateStateChange};
use std::io::Read;
use std::process::{Child, Command, Stdio};

const NUMBER: &str = "FEROGRAM_SESSION_SERVERS_PROCESS";
const SERVER: &str = "FEROGRAM_SESSION_SERVERS_PROCESS_SERVER";

const PROCESSES: i64 = 8;

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
    eight_making(25, test, open, make);
}

/// The same with so many calls of each kind by each process.
///
/// # Panics
///
/// As [`eight_on_one_session`].
pub fn eight_making<S, B: SessionBackend>(
    calls: i64,
    test: &str,
    open: impl FnOnce() -> (S, String),
    make: impl Fn(&str) -> B,
) {
    if let Some((number, server)) = this_process() {
        return write(&make(&server), number, calls);
    }
    let (_running, server) = open();
    let backend = make(&server);
    backend.save(&full(0)).unwrap();
    let before = backend.load().unwrap().unwrap().peers.len() as i64;
    run(test, PROCESSES, &server, false);
    let session = backend.load().unwrap().unwrap();
    assert_eq!(session.peers.len() as i64, before + PROCESSES * calls, "peers");
    let channels = &session.updates_state.channels;
    for process in 0..PROCESSES {
        let last = calls as i32 - 1;
        assert!(channels.contains(&(10_000 + process, last)), "channel of process {process}");
    }
}

/// As many processes make the same call in the same moment, each with its
/// number. `test` is the name of the test that calls this; `open` starts the
/// server and tells where it is, and `check` looks at what came of it.
///
/// # Panics
///
/// If a process fails.
pub fn at_once<S>(
    test: &str,
    processes: i64,
    open: impl FnOnce() -> (S, String),
    call: impl FnOnce(&str, i64),
    check: impl FnOnce(&S, &str),
) {
    if let Some((number, server)) = this_process() {
        // Ready; and off they go, all of them.
        println!("{READY}");
        std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
        return call(&server, number);
    }
    let (running, server) = open();
    run(test, processes, &server, true);
    check(&running, &server);
}

const READY: &str = "ready to go";

fn this_process() -> Option<(i64, String)> {
    let number = std::env::var(NUMBER).ok()?.parse().unwrap();
    Some((number, std::env::var(SERVER).ok()?))
}

/// Runs the processes to their end; if they are to begin together, not before
/// each has said that it is ready.
fn run(test: &str, processes: i64, server: &str, together: bool) {
    let start = |number: i64| -> Child {
        Command::new(std::env::current_exe().unwrap())
            .args([test, "--exact", "--nocapture", "--test-threads=1"])
            .env(NUMBER, number.to_string())
            .env(SERVER, server)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let mut running: Vec<Child> = (0..processes).map(start).collect();
    for process in running.iter_mut().filter(|_| together) {
        let (said, mut heard) = (process.stdout.as_mut().unwrap(), Vec::new());
        while !heard.ends_with(READY.as_bytes()) {
            let mut byte = [0];
            said.read_exact(&mut byte).unwrap();
            heard.extend(byte);
        }
    }
    for process in &mut running {
        drop(process.stdin.take());
    }
    for process in running {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "a process failed: {output:?}");
    }
}

fn write(backend: &dyn SessionBackend, process: i64, calls: i64) {
    for at in 0..calls {
        // One without a hash has to know what is stored, so these compare.
        let hash = at % 2;
        backend.cache_peer(&user(1_000_000 + process * calls + at, hash)).unwrap();
        let pts = UpdateStateChange::Channel { id: 10_000 + process, pts: at as i32 };
        backend.apply_update_state(pts).unwrap();
    }
}
