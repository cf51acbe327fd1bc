//! A server's process, from its start until it is dropped.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to come up.
const START: Duration = Duration::from_secs(30);

/// A running process, ended by its process id when it is dropped.
#[derive(Debug)]
pub struct Process(Child);

impl Process {
    /// Starts it and waits until it is ready; what it prints goes to `log`.
    ///
    /// # Panics
    ///
    /// With what it printed, if it ends or is not ready in time.
    pub fn start(command: &mut Command, log: &Path, ready: impl Fn() -> bool) -> Self {
        let output = fs::File::create(log).unwrap();
        let command =
            command.stdin(Stdio::null()).stdout(output.try_clone().unwrap()).stderr(output);
        let child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        // Ended, too, if it does not come up.
        let mut process = Self(child);
        let until = Instant::now() + START;
        while !ready() {
            let printed = || fs::read_to_string(log).unwrap_or_default();
            let ended = process.0.try_wait().unwrap();
            assert!(ended.is_none(), "{command:?} ended, {ended:?}: {}", printed());
            assert!(Instant::now() < until, "{command:?} did not come up: {}", printed());
            std::thread::sleep(Duration::from_millis(20));
        }
        process
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Process {
    /// At once, as a crash does.
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An address at which nobody listens.
///
/// # Panics
///
/// If there is none.
#[must_use]
pub fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}
