//! An S3 service on loopback: moto, which checks signatures and rights, and
//! keeps everything in memory.

use crate::certificates::Authority;
use crate::install;
use crate::process::{Process, free_address};
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::time::Duration;

/// The server, until it is dropped.
#[derive(Debug)]
pub struct S3 {
    address: SocketAddr,
    folder: tempfile::TempDir,
    tls: Option<SocketAddr>,
    keys: [Key; 2],
    process: Option<Process>,
}

/// What a user signs requests with.
#[derive(Clone, Debug, Default)]
pub struct Key {
    /// The access key id.
    pub id: String,
    /// The secret access key.
    pub secret: String,
}

/// The bucket that is there.
pub const BUCKET: &str = "sessions";
/// Another one, which keeps what is written over and deleted.
pub const VERSIONED: &str = "versioned";

const ALL: &str = r#""s3:*""#;
const READ: &str = r#"["s3:GetObject","s3:ListBucket"]"#;

impl S3 {
    /// A server with an empty [`BUCKET`] and an empty [`VERSIONED`] one.
    #[must_use]
    pub fn open() -> Self {
        Self::start_with(None)
    }

    /// One with TLS, and a certificate of this authority for 127.0.0.1.
    #[must_use]
    pub fn open_with_tls(authority: &Authority) -> Self {
        Self::start_with(Some(authority))
    }

    fn start_with(authority: Option<&Authority>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let tls = authority.map(|authority| {
            let certificate = authority.certify("127.0.0.1");
            fs::write(folder.path().join("certificate"), certificate.chain).unwrap();
            fs::write(folder.path().join("key"), certificate.key).unwrap();
            free_address()
        });
        let keys = Default::default();
        let mut server = Self { address: free_address(), folder, tls, keys, process: None };
        server.start();
        server
    }

    /// What a client in the environment of another process needs, in one line.
    #[must_use]
    pub fn note(&self) -> String {
        let Key { id, secret } = self.key();
        format!("{} {id} {secret}", self.url())
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address as clients take it.
    #[must_use]
    pub fn url(&self) -> String {
        match self.tls {
            Some(address) => format!("https://{address}"),
            None => format!("http://{}", self.address),
        }
    }

    /// The key of a user who may do everything. A server that is started again
    /// gives another.
    #[must_use]
    pub fn key(&self) -> &Key {
        &self.keys[0]
    }

    /// The key of a user who may read and list.
    #[must_use]
    pub fn reading_key(&self) -> &Key {
        &self.keys[1]
    }

    /// Its process id.
    ///
    /// # Panics
    ///
    /// If it was killed.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.as_ref().unwrap().id()
    }

    /// Ends it at once, as a crash does, and with it what it kept.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Starts it, again: empty, and at the same address.
    ///
    /// # Panics
    ///
    /// If it does not come up.
    pub fn start(&mut self) {
        let environment = install::python("moto", "python", &["moto[server]==5.2.*"]);
        let program = self.folder.path().join("serve.py");
        fs::write(&program, include_str!("s3/serve.py")).unwrap();
        let mut command = Command::new(environment);
        command
            .arg(program)
            .arg(self.address.port().to_string())
            // So many requests are free; every one after them has to be signed.
            .env("INITIAL_NO_AUTH_ACTION_COUNT", "9")
            .current_dir(self.folder.path());
        if let Some(tls) = self.tls {
            command.arg(tls.port().to_string()).args(["certificate", "key"]);
        }
        let address = self.address;
        let tls = self.tls;
        let ready = || {
            let listens = |address| TcpStream::connect(address).is_ok();
            listens(address) && tls.is_none_or(listens)
        };
        self.process = Some(Process::start(&mut command, self.folder.path(), ready));
        self.keys = [("all", ALL), ("read", READ)].map(|(user, rights)| self.user(user, rights));
        self.put(BUCKET, "");
        self.put(VERSIONED, "");
        let on = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
        self.put(&format!("{VERSIONED}?versioning"), on);
    }

    fn user(&self, name: &str, rights: &str) -> Key {
        let policy = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":{rights},"Resource":"*"}}]}}"#
        );
        self.iam(&format!("Action=CreateUser&UserName={name}"));
        self.iam(&format!(
            "Action=PutUserPolicy&UserName={name}&PolicyName=p&PolicyDocument={}",
            escape(&policy)
        ));
        let answer = self.iam(&format!("Action=CreateAccessKey&UserName={name}"));
        let between = |tag: &str| {
            let (_, rest) = answer.split_once(&format!("<{tag}>")).unwrap();
            rest.split_once('<').unwrap().0.to_owned()
        };
        Key { id: between("AccessKeyId"), secret: between("SecretAccessKey") }
    }

    fn iam(&self, form: &str) -> String {
        let body = format!("{form}&Version=2010-05-08");
        // The name of the service stands in the signature, which nobody checks yet.
        let credential = "Credential=x/20200101/us-east-1/iam/aws4_request";
        self.request(&format!(
            "POST / HTTP/1.0\r\nAuthorization: AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ))
    }

    fn put(&self, path: &str, body: &str) {
        let length = body.len();
        self.request(&format!("PUT /{path} HTTP/1.0\r\nContent-Length: {length}\r\n\r\n{body}"));
    }

    fn request(&self, request: &str) -> String {
        let answer = ask(self.address, request);
        assert!(answer.contains(" 200 "), "{request}: {answer}");
        answer
    }
}

fn escape(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The answer to a request, or nothing.
pub(crate) fn ask(address: SocketAddr, request: &str) -> String {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().unwrap_or_default()
}
