//! A libSQL server that all tests of a program share. One that has to start
//! for each of the hundreds of places of the conformance suite takes most of
//! the suite's time.

use crate::process::{Process, free_address};
use crate::sqld::{healthy, program};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

/// A database of its own, which nobody has used.
#[derive(Debug)]
pub struct SqldDatabase {
    url: String,
    _server: Arc<Server>,
}

/// Databases that one server has to hold, which is then left alone: the length
/// of their names ends somewhere.
const MOST: usize = 200;

#[derive(Debug)]
struct Server {
    address: SocketAddr,
    admin: SocketAddr,
    // Ended before its folder goes.
    _process: Process,
    _folder: tempfile::TempDir,
}

impl SqldDatabase {
    /// Starts a server if there is none.
    ///
    /// # Panics
    ///
    /// If it does not come up, or does not make a database.
    #[must_use]
    pub fn open() -> Self {
        static CURRENT: Mutex<Option<(Arc<Server>, usize)>> = Mutex::new(None);
        let mut current = CURRENT.lock().unwrap_or_else(PoisonError::into_inner);
        let (server, used) = match current.take() {
            Some((server, used)) if used < MOST => (server, used + 1),
            _ => (Arc::new(Server::start()), 1),
        };
        *current = Some((Arc::clone(&server), used));
        drop(current);
        // The server tells databases apart by the first part of the host's name.
        // Names need somebody who resolves them, but 127 in octal may have any
        // number of zeros before it.
        let name = format!("{}177", "0".repeat(used));
        server.create(&name);
        let port = server.address.port();
        Self { url: format!("http://{name}.0.0.1:{port}"), _server: server }
    }

    /// Its address as backends take it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Server {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (address, admin) = (free_address(), free_address());
        let mut command = Command::new(program());
        command
            .args(["--no-welcome", "--enable-namespaces", "-d"])
            .arg(folder.path().join("data"))
            // Every test has its own, and some are left open.
            .args(["--max-active-namespaces", "1000", "--max-concurrent-connections", "10000"])
            .args(["--max-concurrent-requests", "10000"])
            .args(["--http-listen-addr", &address.to_string()])
            .args(["--admin-listen-addr", &admin.to_string()]);
        let process = Process::start(&mut command, folder.path(), || healthy(address));
        Self { address, admin, _process: process, _folder: folder }
    }

    fn create(&self, name: &str) {
        let ask = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect(self.admin)?;
            write!(
                stream,
                "POST /v1/namespaces/{name}/create HTTP/1.0\r\n\
                 content-type: application/json\r\ncontent-length: 2\r\n\r\n{{}}"
            )?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer)
        };
        let answer = ask().unwrap();
        assert!(answer.contains(" 200 "), "{answer}");
    }
}
