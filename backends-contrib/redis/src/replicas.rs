//! Writes that the primary took, and that its replicas may not have yet.

use crate::config::RedisConfig;
use crate::connection::Talk;
use crate::script::Script;
use ferogram_session::{SessionError, Version};
use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::sync::{Mutex, PoisonError};

/// Sees that as many replicas have a write as are asked for.
///
/// A write that failed may have been taken all the same, and another program
/// may not have waited for its own. What is read after it holds it, and a save
/// that finds nothing left to do would say so without anybody having waited for
/// the replicas. So the store remembers which state of a session they have for
/// certain, and waits when it comes upon another.
#[derive(Debug)]
pub(crate) struct Replicas {
    sessions: Mutex<HashMap<String, Seen>>,
    touch: Script,
}

/// A session that this store has to do with.
#[derive(Debug, Default)]
struct Seen {
    /// The last state that the replicas had.
    confirmed: Option<Version>,
    /// Writes and removals that failed and may have been taken; and how many
    /// there had been when the replicas were waited for.
    owed: u64,
    waited: u64,
}

impl Seen {
    fn waited(&mut self, owed: u64, version: Option<&Version>) {
        // Replicas take writes in order, so they have all before it, too.
        self.waited = self.waited.max(owed);
        self.confirmed = version.cloned();
    }
}

impl Replicas {
    pub(crate) fn new() -> Self {
        Self { sessions: Mutex::default(), touch: Script::touch() }
    }

    /// Makes a write that tells how many replicas have it, or that there was
    /// nothing written; whether it was. `version` is what is there afterwards.
    pub(crate) fn confirm(
        &self,
        config: &RedisConfig,
        key: &str,
        version: Option<&Version>,
        write: impl FnOnce() -> io::Result<Option<u32>>,
    ) -> io::Result<bool> {
        if config.replicas == 0 {
            return Ok(write()?.is_some());
        }
        let owed = self.seen(key, |seen| seen.owed);
        let written = write().and_then(|replicas| match replicas {
            Some(replicas) => enough(config, replicas).map(|()| true),
            None => Ok(false),
        });
        self.seen(key, |seen| match &written {
            Ok(true) => seen.waited(owed, version),
            Err(error) if may_be_taken(error) => seen.owed += 1,
            _ => {}
        });
        written
    }

    /// Waits for what was read, unless it is known to be on the replicas: only
    /// when the store has had to do with the session before, so that a program
    /// can start while they are away.
    pub(crate) fn catch_up(
        &self,
        config: &RedisConfig,
        talk: &mut Talk<'_>,
        key: &str,
        version: Option<&Version>,
    ) -> io::Result<()> {
        if config.replicas == 0 {
            return Ok(());
        }
        let Some(owed) = self.owed(key, version) else { return Ok(()) };
        enough(config, self.touch(config, talk, key)?)?;
        self.seen(key, |seen| seen.waited(owed, version));
        Ok(())
    }

    /// What is owed before a session in this state may be believed; `None` if
    /// that is nothing.
    fn owed(&self, key: &str, version: Option<&Version>) -> Option<u64> {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(seen) = sessions.get(key) else {
            sessions.insert(key.to_owned(), Seen::default());
            return None;
        };
        let unconfirmed = version.is_some() && version != seen.confirmed.as_ref();
        (unconfirmed || seen.owed > seen.waited).then_some(seen.owed)
    }

    fn seen<T>(&self, key: &str, look: impl FnOnce(&mut Seen) -> T) -> T {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        look(sessions.entry(key.to_owned()).or_default())
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
