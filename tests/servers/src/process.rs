//! A server's process, from its start until it is dropped.

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to come up.
const START: Duration = Duration::from_secs(30);

/// A running process, ended by its process id when it is dropped, or with this
/// program, however that ends: what is shared by the tests of a program is
/// never dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    guard: Child,
}

/// Waits for a word that comes when the process was dropped, and for the end of
/// the words that comes when this program has ended without doing so.
const GUARD: &str = r#"trap "" HUP INT TERM
read -r word && exit
kill -9 "$1"
rm -rf -- "$2""#;

impl Process {
    /// Starts it and waits until it is ready; what it prints goes to `log` in
    /// its folder. Should this program be killed, that is removed.
    ///
    /// # Panics
    ///
    /// With what it printed, if it ends or is not ready in time.
    pub fn start(command: &mut Command, folder: &Path, ready: impl Fn() -> bool) -> Self {
        let log = folder.join("log");
        let output = fs::File::create(&log).unwrap();
        let command =
            command.stdin(Stdio::null()).stdout(output.try_clone().unwrap()).stderr(output);
        let child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let guard = Command::new("sh")
            .args(["-c", GUARD, "guard", &child.id().to_string()])
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .current_dir("/")
            .spawn()
            .unwrap();
        // Ended, too, if it does not come up.
        let mut process = Self { child, guard };
        let until = Instant::now() + START;
        while !ready() {
            let printed = || fs::read_to_string(&log).unwrap_or_default();
            let ended = process.child.try_wait().unwrap();
            assert!(ended.is_none(), "{command:?} ended, {ended:?}: {}", printed());
            assert!(Instant::now() < until, "{command:?} did not come up: {}", printed());
            std::thread::sleep(Duration::from_millis(20));
        }
        process
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Process {
    /// At once, as a crash does.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(mut words) = self.guard.stdin.take() {
            let _ = words.write_all(b"ended\n");
        }
        let _ = self.guard.wait();
    }
}

/// Sends these processes a signal.
pub(crate) fn signal(name: &str, processes: &[u32]) {
    for id in processes {
        // One that has ended meanwhile needs none.
        let _ = Command::new("kill")
            .args([&format!("-{name}"), "--", &id.to_string()])
            .stderr(Stdio::null())
            .status();
    }
}

/// An address at which nobody listens: not of those that the system gives to
/// connections, one of which would take it before a server does.
///
/// # Panics
///
/// If there is none.
#[must_use]
pub fn free_address() -> SocketAddr {
    const PORTS: std::ops::Range<u64> = 10_240..32_768;
    let any = || PORTS.start + RandomState::new().hash_one(0) % (PORTS.end - PORTS.start);
    let mut listeners =
        (0..1_000).filter_map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, any() as u16)).ok());
    listeners.next().expect("a free port").local_addr().unwrap()
}
