//! A sentinel of Redis on loopback, which watches a primary and puts a replica
//! in its place when it fails. Alone, it is the majority.

use crate::process::{Process, free_address};
use crate::redis::{PASSWORD, Redis, answers, ask, program};
use std::fs;
use std::net::SocketAddr;
use std::process::Command;

/// The name under which it knows the primary.
pub const NAME: &str = "sessions";

/// The sentinel, until it is dropped.
#[derive(Debug)]
pub struct Sentinel {
    address: SocketAddr,
    // Ended before its folder goes.
    _process: Process,
    _folder: tempfile::TempDir,
}

impl Sentinel {
    /// A sentinel of this primary, with the password [`PASSWORD`] as well.
    ///
    /// # Panics
    ///
    /// If it does not come up.
    #[must_use]
    pub fn of(primary: &Redis) -> Self {
        let (address, folder) = (free_address(), tempfile::tempdir().unwrap());
        let at = primary.address();
        let settings = [
            "bind 127.0.0.1".to_owned(),
            format!("port {}", address.port()),
            format!("dir {}", folder.path().display()),
            format!("requirepass {PASSWORD}"),
            format!("sentinel monitor {NAME} {} {} 1", at.ip(), at.port()),
            format!("sentinel auth-pass {NAME} {PASSWORD}"),
            format!("sentinel down-after-milliseconds {NAME} 300"),
            format!("sentinel failover-timeout {NAME} 10000"),
        ];
        // It writes what it finds out into the same file.
        let path = folder.path().join("sentinel.conf");
        fs::write(&path, settings.join("\n")).unwrap();
        let mut command = Command::new(program());
        command.arg(path).arg("--sentinel").current_dir(folder.path());
        let process = Process::start(&mut command, folder.path(), || answers(address));
        Self { address, _process: process, _folder: folder }
    }

    /// Its address, as clients take it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://:{PASSWORD}@{}", self.address)
    }

    /// Asks it as an operator does; see [`Redis::ask`].
    ///
    /// # Panics
    ///
    /// If it does not answer.
    pub fn ask(&self, words: &[&str]) -> String {
        let words: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
        ask(self.address, &words).unwrap()
    }
}
