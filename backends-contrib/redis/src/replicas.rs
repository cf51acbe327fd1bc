//! Writes that the primary took, and that its replicas may not have yet.

use crate::config::RedisConfig;
use crate::connection::Talk;
use crate::script::Script;
use ferogram_session::SessionError;
use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicU64, Ordering};

/// Sees that as many replicas have a write as are asked for.
///
/// A write that failed may have been taken all the same. What is read after it
/// holds it, and a save that finds nothing left to do would say so without
/// anybody having waited for the replicas. So the store remembers that it owes a
/// wait, until there was one.
#[derive(Debug)]
pub(crate) struct Replicas {
    owed: AtomicU64,
    waited: AtomicU64,
    touch: Script,
}

impl Replicas {
    pub(crate) fn new() -> Self {
        Self { owed: AtomicU64::new(0), waited: AtomicU64::new(0), touch: Script::touch() }
    }

    /// Makes a write that tells how many replicas have it, or that there was
    /// nothing written; whether it was.
    pub(crate) fn confirm(
        &self,
        config: &RedisConfig,
        write: impl FnOnce() -> io::Result<Option<u32>>,
    ) -> io::Result<bool> {
        let owed = self.owed.load(Ordering::SeqCst);
        let written = write().and_then(|replicas| match replicas {
            Some(replicas) => enough(config, replicas).map(|()| true),
            None => Ok(false),
        });
        match &written {
            // Replicas take writes in order, so they have all before it, too.
            Ok(true) => drop(self.waited.fetch_max(owed, Ordering::SeqCst)),
            Err(error) if may_be_taken(error) => drop(self.owed.fetch_add(1, Ordering::SeqCst)),
            _ => {}
        }
        written
    }

    /// Waits for what is owed, before the session is read.
    pub(crate) fn catch_up(
        &self,
        config: &RedisConfig,
        talk: &mut Talk<'_>,
        key: &str,
    ) -> io::Result<()> {
        let owed = self.owed.load(Ordering::SeqCst);
        if config.replicas == 0 || self.waited.load(Ordering::SeqCst) >= owed {
            return Ok(());
        }
        enough(config, self.touch(config, talk, key)?)?;
        self.waited.fetch_max(owed, Ordering::SeqCst);
        Ok(())
    }

    /// Writes what is there already, and waits: `WAIT` is about the writes of
    /// its own connection and what came before them, and about nothing on one
    /// that has not written.
    pub(crate) fn touch(
        &self,
        config: &RedisConfig,
        talk: &mut Talk<'_>,
        key: &str,
    ) -> io::Result<u32> {
        let (_, replicas) = talk.run::<i32>(&self.touch, key, config.replicas, |_| {})?;
        Ok(replicas)
    }
}

fn enough(config: &RedisConfig, replicas: u32) -> io::Result<()> {
    let wanted = config.replicas;
    if replicas >= wanted {
        return Ok(());
    }
    let what = format!(
        "the primary took it, but {replicas} of {wanted} replicas within {:?}",
        config.timeout
    );
    Err(SessionError::timed_out(what)
        .help("see that the replicas run; a failover now may lose this write")
        .into())
}

/// Whether it failed without the server having refused it.
fn may_be_taken(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::ConnectionAborted)
}
