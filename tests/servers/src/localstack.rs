//! Another S3 service on loopback: LocalStack's, which shares no code with
//! moto's, and believes everybody who signs. It answers one request at a time:
//! with more, a read of an object that is being deleted may lock it for ever.

use crate::install;
use crate::process::{Process, free_address};
use crate::s3::{BUCKET, ask};
use std::net::SocketAddr;
use std::process::Command;

/// The server, until it is dropped.
#[derive(Debug)]
pub struct LocalStack {
    address: SocketAddr,
    // Ended before its folder goes.
    _process: Process,
    _folder: tempfile::TempDir,
}

const PACKAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/localstack/requirements.txt");

impl LocalStack {
    /// A server with an empty [`BUCKET`].
    ///
    /// # Panics
    ///
    /// If it does not come up.
    #[must_use]
    pub fn open() -> Self {
        let python = install::python("localstack", "python", &["--no-deps", "-r", PACKAGES]);
        let (address, folder) = (free_address(), tempfile::tempdir().unwrap());
        let mut command = Command::new(python);
        command
            .args(["-m", "localstack.runtime.main"])
            .current_dir(folder.path())
            .env("SERVICES", "s3")
            .env("EAGER_SERVICE_LOADING", "1")
            .env("GATEWAY_LISTEN", address.to_string())
            .env("GATEWAY_WORKER_COUNT", "1")
            // It asks nobody on the network, and writes nowhere else.
            .envs([("DISABLE_EVENTS", "1"), ("SKIP_SSL_CERT_DOWNLOAD", "1"), ("DNS_ADDRESS", "0")])
            .envs([("FILESYSTEM_ROOT", folder.path()), ("XDG_CACHE_HOME", folder.path())]);
        let bucket = format!("PUT /{BUCKET} HTTP/1.0\r\nContent-Length: 0\r\n\r\n");
        let ready = || ask(address, &bucket).contains(" 200 ");
        let process = Process::start(&mut command, folder.path(), ready);
        Self { address, _process: process, _folder: folder }
    }

    /// Its address as clients take it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}
