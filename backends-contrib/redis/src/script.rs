//! The scripts that run on the server, each of them atomic.

use redis::{Cmd, Script as Hashed, cmd};
use std::sync::atomic::{AtomicBool, Ordering};

/// A script by its text, and by the hash under which the server knows it.
#[derive(Debug)]
pub(crate) struct Script {
    text: &'static str,
    hash: String,
    /// Whether a server was given the text.
    given: AtomicBool,
}

impl Script {
    pub(crate) fn read() -> Self {
        Self::new(include_str!("scripts/read.lua"))
    }

    pub(crate) fn write() -> Self {
        Self::new(include_str!("scripts/write.lua"))
    }

    pub(crate) fn delete() -> Self {
        Self::new(include_str!("scripts/delete.lua"))
    }

    pub(crate) fn touch() -> Self {
        Self::new(include_str!("scripts/touch.lua"))
    }

    fn new(text: &'static str) -> Self {
        Self { text, hash: Hashed::new(text).get_hash().to_owned(), given: AtomicBool::new(false) }
    }

    /// Whether the server may know it, from us.
    pub(crate) fn may_be_known(&self) -> bool {
        self.given.load(Ordering::Relaxed)
    }

    /// For a server that knows the script.
    pub(crate) fn by_hash(&self, key: &str) -> Cmd {
        let mut command = cmd("EVALSHA");
        command.arg(&self.hash).arg(1).arg(key);
        command
    }

    /// For one that does not, and then will.
    pub(crate) fn by_text(&self, key: &str) -> Cmd {
        self.given.store(true, Ordering::Relaxed);
        let mut command = cmd("EVAL");
        command.arg(self.text).arg(1).arg(key);
        command
    }
}
