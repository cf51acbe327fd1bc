//! A service behind a TCP port, and an async store that talks to it: what an
//! HTTP service or a database of your own would look like.
//!
//! A request is a line, `get key`, `put key version length` and the bytes, or
//! `delete key`; an answer is a line, `ok version length` and the bytes,
//! `none` or `conflict`. Keys are escaped as file names are; a version is `*`
//! for any, `-` for none.

use ferogram_session::{AsyncBlobStore, AsyncReconnect, Expect, Version, Written, file_name};
use std::collections::HashMap;
use std::io::{self, BufRead, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream};

/// The client side: a blob store over a connection that is opened on first use
/// and again when it breaks.
#[derive(Debug)]
pub struct TcpStore {
    connections: AsyncReconnect<BufStream<tokio::net::TcpStream>>,
}

impl TcpStore {
    /// A store at `address`; nothing is opened yet.
    #[must_use]
    pub fn new(address: SocketAddr) -> Self {
        let open = move || async move {
            Ok(BufStream::new(tokio::net::TcpStream::connect(address).await?))
        };
        Self { connections: AsyncReconnect::new(open) }
    }

    async fn ask(&self, request: &str, body: &[u8]) -> io::Result<(Vec<String>, Vec<u8>)> {
        let call = async |stream: &mut BufStream<tokio::net::TcpStream>| {
            stream.write_all(request.as_bytes()).await?;
            stream.write_all(body).await?;
            stream.flush().await?;
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            let len = words.get(2).and_then(|len| len.parse().ok()).unwrap_or(0);
            let mut bytes = vec![0; len];
            stream.read_exact(&mut bytes).await?;
            Ok((words, bytes))
        };
        self.connections.run(call).await
    }
}

impl AsyncBlobStore for TcpStore {
    async fn read(&self, key: &str) -> io::Result<Option<(Vec<u8>, Version)>> {
        let (answer, bytes) = self.ask(&format!("get {}\n", file_name(key)), &[]).await?;
        match answer.as_slice() {
            [ok, version, _] if ok == "ok" => Ok(Some((bytes, Version::new(version)))),
            [none] if none == "none" => Ok(None),
            _ => Err(io::Error::other("the service answered in another language")),
        }
    }

    async fn write(&self, key: &str, bytes: &[u8], expect: &Expect) -> io::Result<Written> {
        let expect = match expect {
            Expect::Any => "*".to_owned(),
            Expect::Absent => "-".to_owned(),
            Expect::Version(version) => version.to_string(),
        };
        let request = format!("put {} {expect} {}\n", file_name(key), bytes.len());
        let (answer, _) = self.ask(&request, bytes).await?;
        match answer.as_slice() {
            [ok, version, ..] if ok == "ok" => Ok(Written::Version(Version::new(version))),
            [conflict] if conflict == "conflict" => Ok(Written::Conflict),
            _ => Err(io::Error::other("the service answered in another language")),
        }
    }

    async fn delete(&self, key: &str) -> io::Result<()> {
        self.ask(&format!("delete {}\n", file_name(key)), &[]).await.map(drop)
    }

    fn conditional(&self) -> bool {
        true
    }
}

type Values = Arc<Mutex<HashMap<String, (Version, Vec<u8>)>>>;

/// The service, on a free port of this machine, for as long as the process
/// lives.
#[derive(Debug)]
pub struct TcpService {
    address: SocketAddr,
}

impl TcpService {
    /// Starts it.
    ///
    /// # Errors
    ///
    /// If there is no free port.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let values = Values::default();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let values = Arc::clone(&values);
                std::thread::spawn(move || serve(&stream, &values));
            }
        });
        Ok(Self { address })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

fn serve(stream: &TcpStream, values: &Values) -> io::Result<()> {
    let mut reader = io::BufReader::new(stream);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        let mut answer = Vec::new();
        match words.as_slice() {
            ["get", key] => match lock(values).get(*key) {
                Some((version, bytes)) => {
                    writeln!(answer, "ok {version} {}", bytes.len())?;
                    answer.extend_from_slice(bytes);
                }
                None => answer.extend_from_slice(b"none\n"),
            },
            ["put", key, expect, len] => {
                let mut bytes = vec![0; len.parse().map_err(io::Error::other)?];
                reader.read_exact(&mut bytes)?;
                let expect = match *expect {
                    "*" => Expect::Any,
                    "-" => Expect::Absent,
                    version => Expect::Version(Version::new(version)),
                };
                let mut values = lock(values);
                if expect.matches(values.get(*key).map(|(version, _)| version)) {
                    let version = Version::fresh();
                    writeln!(answer, "ok {version}")?;
                    values.insert((*key).to_owned(), (version, bytes));
                } else {
                    answer.extend_from_slice(b"conflict\n");
                }
            }
            ["delete", key] => {
                lock(values).remove(*key);
                answer.extend_from_slice(b"ok\n");
            }
            _ => return Ok(()),
        }
        (&*stream).write_all(&answer)?;
    }
}

fn lock(values: &Values) -> std::sync::MutexGuard<'_, HashMap<String, (Version, Vec<u8>)>> {
    values.lock().unwrap_or_else(PoisonError::into_inner)
}
