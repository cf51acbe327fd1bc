//! A server's process, from its start until it is dropped.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to come up.
const START: Duration = Duration::from_secs(30);

/// A running process, ended by its process id when it is dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    /// For a process that ends with this program: what it waits for the end of.
    tie: Option<ChildStdin>,
}

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
        Self { child, tie: None }.wait_until(command, log, ready)
    }

    /// As [`start`](Self::start), for a server that nobody drops, because the
    /// tests of a program share it: it ends with this program, however that
    /// ends, and its folder is removed.
    ///
    /// # Panics
    ///
    /// With what it printed, if it ends or is not ready in time.
    pub fn start_tied(command: &Command, folder: &Path, ready: impl Fn() -> bool) -> Self {
        let log = &folder.join("log");
        let output = fs::File::create(log).unwrap();
        let mut tied = Command::new("sh");
        tied.args([
            "-c",
            r#"folder=$1; shift; "$@" & read -r _; kill -9 "$!"; rm -rf "$folder""#,
            "sh",
        ])
        .arg(folder)
        .arg(command.get_program())
        .args(command.get_args())
        .stdin(Stdio::piped())
        .stdout(output.try_clone().unwrap())
        .stderr(output);
        let mut child = tied.spawn().unwrap_or_else(|error| panic!("{tied:?}: {error}"));
        let tie = child.stdin.take();
        Self { child, tie }.wait_until(&tied, log, ready)
    }

    fn wait_until(mut self, command: &Command, log: &Path, ready: impl Fn() -> bool) -> Self {
        let until = Instant::now() + START;
        while !ready() {
            let printed = || fs::read_to_string(log).unwrap_or_default();
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "{command:?} ended, {ended:?}: {}", printed());
            assert!(Instant::now() < until, "{command:?} did not come up: {}", printed());
            std::thread::sleep(Duration::from_millis(20));
        }
        self
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Process {
    /// At once, as a crash does.
    fn drop(&mut self) {
        if self.tie.take().is_none() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
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
