//! A real Redis on loopback, with its data in a temporary folder.

use crate::certificates::Authority;
use crate::install;
use crate::process::{Process, free_address, signal};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The password of every server's default user.
pub const PASSWORD: &str = "correct-horse-battery";

/// A server with settings of its own, before it is started.
#[derive(Debug)]
pub struct Settings(Vec<String>);

impl Settings {
    /// Another setting, as in `redis.conf`: `maxmemory 10mb`.
    #[must_use]
    pub fn set(mut self, line: impl Into<String>) -> Self {
        self.0.push(line.into());
        self
    }

    /// A copy of this server, which takes no writes.
    #[must_use]
    pub fn replica_of(self, primary: &Redis) -> Self {
        let address = primary.address();
        self.set(format!("replicaof {} {}", address.ip(), address.port()))
            .set(format!("masterauth {PASSWORD}"))
    }

    /// A node of a cluster, of its own to begin with.
    #[must_use]
    pub fn in_cluster(self) -> Self {
        // As it comes, its second port is 10,000 higher, which may be too high.
        self.set("cluster-enabled yes").set(format!("cluster-port {}", free_address().port()))
    }

    /// Starts it.
    #[must_use]
    pub fn open(self) -> Redis {
        Redis::start_with(self.0, None)
    }

    /// Starts it, open to everybody on this machine.
    #[must_use]
    pub fn open_without_password(mut self) -> Redis {
        self.0.insert(0, "requirepass \"\"".to_owned());
        Redis::start_with(self.0, None)
    }

    /// Starts it with TLS, and a certificate of this authority for 127.0.0.1;
    /// nodes of a cluster talk over it, too.
    #[must_use]
    pub fn open_with_tls(self, authority: &Authority) -> Redis {
        Redis::start_with(self.0, Some(authority))
    }
}

/// The server, until it is dropped. It keeps every write in its append-only
/// file, synced, before it answers.
#[derive(Debug)]
pub struct Redis {
    address: SocketAddr,
    /// Where operators ask: without TLS.
    plain: SocketAddr,
    folder: tempfile::TempDir,
    process: Option<Process>,
}

impl Redis {
    /// A server with the password [`PASSWORD`].
    #[must_use]
    pub fn open() -> Self {
        Self::with().open()
    }

    /// A server that is set up further.
    #[must_use]
    pub fn with() -> Settings {
        Settings(Vec::new())
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address as backends take it.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_at(self.address)
    }

    /// The same, by way of a proxy.
    #[must_use]
    pub fn url_at(&self, address: SocketAddr) -> String {
        let scheme = if self.address != self.plain { "rediss" } else { "redis" };
        format!("{scheme}://:{PASSWORD}@{address}")
    }

    /// Where its data and its settings are.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Ends it at once, as a crash does.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Starts it, again, with the data that it has and at the same address.
    ///
    /// # Panics
    ///
    /// If it does not come up.
    pub fn start(&mut self) {
        let path = self.folder.path();
        let mut command = Command::new(program());
        command.arg(path.join("redis.conf")).current_dir(path);
        let (address, plain) = (self.address, self.plain);
        let ready = || TcpStream::connect(address).is_ok() && answers(plain);
        self.process = Some(Process::start(&mut command, path, ready));
    }

    /// Stops it in the middle of what it does: connections stay open, and
    /// nobody answers.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let ids: Vec<u32> = self.process.iter().map(Process::id).collect();
        signal(name, &ids);
    }

    /// Asks the server as an operator does, and gives its answer, one line for
    /// each value.
    ///
    /// # Panics
    ///
    /// If the server does not answer.
    pub fn ask(&self, words: &[&str]) -> String {
        let words: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
        ask(self.plain, &words).unwrap()
    }

    /// The same with words that need not be text.
    ///
    /// # Panics
    ///
    /// As [`ask`](Self::ask).
    pub fn ask_bytes(&self, words: &[&[u8]]) -> String {
        ask(self.plain, words).unwrap()
    }

    fn start_with(settings: Vec<String>, authority: Option<&Authority>) -> Self {
        let (plain, folder) = (free_address(), tempfile::tempdir().unwrap());
        let mut lines = vec![
            "bind 127.0.0.1".to_owned(),
            format!("dir {}", folder.path().display()),
            format!("requirepass {PASSWORD}"),
            // Nothing that was acknowledged is lost when it is killed.
            "save \"\"".to_owned(),
            "appendonly yes".to_owned(),
            "appendfsync always".to_owned(),
            "maxmemory-policy noeviction".to_owned(),
            "repl-diskless-sync-delay 0".to_owned(),
            format!("port {}", plain.port()),
        ];
        let address = if authority.is_some() { free_address() } else { plain };
        if let Some(authority) = authority {
            let certificate = authority.certify("127.0.0.1");
            let write = |name: &str, text: &str| {
                fs::write(folder.path().join(name), text).unwrap();
                folder.path().join(name).display().to_string()
            };
            lines.push(format!("tls-port {}", address.port()));
            lines.push(format!("tls-cert-file {}", write("cert.pem", &certificate.chain)));
            lines.push(format!("tls-key-file {}", write("key.pem", &certificate.key)));
            lines.push(format!("tls-ca-cert-file {}", write("ca.pem", authority.pem())));
            lines.push("tls-auth-clients no".to_owned());
        }
        lines.extend(settings);
        fs::write(folder.path().join("redis.conf"), lines.join("\n")).unwrap();
        let mut server = Self { address, plain, folder, process: None };
        server.start();
        server
    }
}

/// Whether it takes commands: it listens a little earlier.
pub(crate) fn answers(address: SocketAddr) -> bool {
    ask(address, &[b"PING"]).is_ok_and(|answer| answer.contains("PONG"))
}

pub(crate) fn ask(address: SocketAddr, words: &[&[u8]]) -> std::io::Result<String> {
    let mut stream = BufReader::new(TcpStream::connect(address)?);
    stream.get_ref().set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut question = Vec::new();
    for words in [&[b"AUTH".as_slice(), PASSWORD.as_bytes()], words] {
        write!(question, "*{}\r\n", words.len())?;
        for word in words {
            write!(question, "${}\r\n", word.len())?;
            question.extend_from_slice(word);
            question.extend_from_slice(b"\r\n");
        }
    }
    stream.get_mut().write_all(&question)?;
    answer(&mut stream)?;
    answer(&mut stream)
}

/// One answer in Redis's protocol.
fn answer(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let line = line.trim_end();
    let count = |line: &str| line[1..].parse::<i64>().map_err(std::io::Error::other);
    match line.as_bytes().first() {
        Some(b'$') => {
            let mut bytes = vec![0; (count(line)? + 2).max(0) as usize];
            if count(line)? >= 0 {
                stream.read_exact(&mut bytes)?;
            }
            let text = String::from_utf8_lossy(&bytes).into_owned();
            Ok(text.trim_end_matches(['\r', '\n']).to_owned())
        }
        Some(b'*') => {
            let parts: std::io::Result<Vec<_>> =
                (0..count(line)?).map(|_| answer(stream)).collect();
            Ok(parts?.join("\n"))
        }
        Some(_) => Ok(line.to_owned()),
        None => Err(std::io::ErrorKind::UnexpectedEof.into()),
    }
}

/// The program, installed if it is not there.
pub(crate) fn program() -> PathBuf {
    let program = Path::new("/usr/bin/redis-server");
    install::debian(program, &["redis-server"]);
    program.to_owned()
}
