use crate::error::SessionError;
use std::fmt;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Connections that are opened on first use, kept, and opened again when they
/// break: for a store over a client that does not reconnect by itself.
///
/// ```
/// use ferogram_session::Reconnect;
/// use std::io::{BufRead, BufReader, Write};
/// use std::net::TcpStream;
/// use std::time::Duration;
///
/// # fn ask() -> std::io::Result<String> {
/// let server = Reconnect::new(|| {
///     let stream = TcpStream::connect("127.0.0.1:6379")?;
///     // A call must end: nobody else bounds what a blocking client waits for.
///     stream.set_read_timeout(Some(Duration::from_secs(30)))?;
///     stream.set_write_timeout(Some(Duration::from_secs(30)))?;
///     Ok(stream)
/// });
/// server.run(|connection| {
///     connection.write_all(b"PING\r\n")?;
///     let mut answer = String::new();
///     BufReader::new(connection).read_line(&mut answer)?;
///     Ok(answer)
/// })
/// # }
/// ```
///
/// A connection is out of the pool while it is used and comes back only after
/// a success, so no call reads the rest of another call's answer. One that was
/// idle for three minutes is not tried any more: what stands between the two ends
/// may have forgotten it without a word, and the call would wait for nothing.
pub struct Reconnect<C> {
    open: Box<dyn Fn() -> io::Result<C> + Send + Sync>,
    pool: Pool<C>,
}

impl<C> Reconnect<C> {
    /// Connections made by `open`, at most four of them idle.
    pub fn new(open: impl Fn() -> io::Result<C> + Send + Sync + 'static) -> Self {
        Self { open: Box::new(open), pool: Pool::new() }
    }

    /// Runs `call` with a connection. If the connection broke that was kept
    /// from an earlier call, runs it once more with a new one: `call` must
    /// bear being run twice, as a conditional write with one version does.
    ///
    /// # Errors
    ///
    /// Those of `open` and of `call`.
    pub fn run<T>(&self, mut call: impl FnMut(&mut C) -> io::Result<T>) -> io::Result<T> {
        if let Some(mut kept) = self.pool.take() {
            match call(&mut kept) {
                Ok(value) => {
                    self.pool.put(kept);
                    return Ok(value);
                }
                Err(error) if is_broken(&error) => self.pool.broken(&error),
                Err(error) => {
                    if error.kind() == io::ErrorKind::TimedOut {
                        // The next call had better not try its luck with another.
                        self.pool.clear();
                    }
                    return Err(error);
                }
            }
        }
        tracing::debug!("opens a connection");
        let mut fresh = (self.open)()?;
        let value = call(&mut fresh)?;
        self.pool.put(fresh);
        Ok(value)
    }
}

impl<C> fmt::Debug for Reconnect<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reconnect")
    }
}

/// Whether the connection is gone, rather than the request refused or late.
pub(crate) fn is_broken(error: &io::Error) -> bool {
    use io::ErrorKind::{
        BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected, UnexpectedEof,
    };
    let kind = error.kind();
    // Our own `Corrupt` never means a connection, whatever its kind.
    !matches!(SessionError::of(error), Some(SessionError::Corrupt(_)))
        && matches!(
            kind,
            BrokenPipe | ConnectionAborted | ConnectionReset | NotConnected | UnexpectedEof
        )
}

/// Idle connections, and since when they are. A poisoned lock drops them.
pub(crate) struct Pool<C>(Mutex<Vec<(C, Instant)>>);

const MAX_IDLE: usize = 4;

/// Load balancers and address translation forget a connection after four
/// minutes or later, and tell neither end.
const IDLE_LIMIT: Duration = Duration::from_secs(180);

impl<C> Pool<C> {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    pub(crate) fn take(&self) -> Option<C> {
        self.take_at(Instant::now())
    }

    fn take_at(&self, now: Instant) -> Option<C> {
        let (connection, since) = self.idle().pop()?;
        if now.saturating_duration_since(since) < IDLE_LIMIT {
            return Some(connection);
        }
        drop(connection);
        // The others are idle for longer.
        self.clear();
        None
    }

    pub(crate) fn put(&self, connection: C) {
        let mut idle = self.idle();
        if idle.len() < MAX_IDLE {
            idle.push((connection, Instant::now()));
        }
    }

    /// After a call whose connection broke, and that is made once more.
    pub(crate) fn broken(&self, error: &io::Error) {
        tracing::debug!(kind = ?error.kind(), "the connection broke: tries again with another");
        self.clear();
    }

    /// Where one connection broke, the others of its time broke with it.
    pub(crate) fn clear(&self) {
        let dropped = std::mem::take(&mut *self.idle());
        drop(dropped);
    }

    fn idle(&self) -> MutexGuard<'_, Vec<(C, Instant)>> {
        self.0.lock().unwrap_or_else(|poisoned: PoisonError<_>| {
            self.0.clear_poison();
            poisoned.into_inner()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    fn counted() -> (Arc<AtomicU32>, Reconnect<u32>) {
        let opened = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&opened);
        (opened, Reconnect::new(move || Ok(count.fetch_add(1, Ordering::SeqCst))))
    }

    #[test]
    fn keeps_a_connection_and_repeats_once_when_it_broke() {
        let (opened, connections) = counted();
        assert_eq!(connections.run(|c| Ok(*c)).unwrap(), 0);
        assert_eq!(connections.run(|c| Ok(*c)).unwrap(), 0);
        let broken_once = |c: &mut u32| match *c {
            0 => Err(io::ErrorKind::BrokenPipe.into()),
            c => Ok(c),
        };
        assert_eq!(connections.run(broken_once).unwrap(), 1);
        let broken = |_: &mut u32| -> io::Result<()> { Err(io::ErrorKind::BrokenPipe.into()) };
        assert_eq!(connections.run(broken).unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        assert_eq!(opened.load(Ordering::SeqCst), 3);
    }

    #[test]
    fn a_connection_that_was_idle_for_long_is_not_tried() {
        let (opened, connections) = counted();
        connections.run(|_| connections.run(|_| Ok(()))).unwrap();
        assert_eq!(opened.load(Ordering::SeqCst), 2);
        let soon = Instant::now() + IDLE_LIMIT / 2;
        assert_eq!(connections.pool.take_at(soon), Some(0), "the last that was used");
        connections.pool.put(0);
        assert_eq!(connections.pool.take_at(Instant::now() + IDLE_LIMIT), None);
        assert_eq!(connections.pool.idle().len(), 0);
    }

    #[test]
    fn a_refusal_is_not_repeated() {
        let (_, connections) = counted();
        connections.run(|_| Ok(())).unwrap();
        let mut calls = 0;
        let refused = connections.run(|_| -> io::Result<()> {
            calls += 1;
            Err(io::ErrorKind::PermissionDenied.into())
        });
        assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::PermissionDenied);
        assert_eq!(calls, 1);
    }
}
