use crate::reconnect::{Pool, is_broken};
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;

type Opening<C> = Pin<Box<dyn Future<Output = io::Result<C>> + Send>>;

/// [`Reconnect`](crate::Reconnect) for async clients: opens inside the first
/// call, and so on the runtime that drives the call.
///
/// A connection is out of the pool while it is used: a call that is dropped at
/// its deadline takes its connection with it, and no later call reads the rest
/// of its answer. One that was idle for three minutes is not tried any more.
///
/// ```
/// use ferogram_session::AsyncReconnect;
/// # use std::io;
/// # struct Client;
/// # impl Client {
/// #     async fn open() -> io::Result<Self> { Ok(Self) }
/// #     async fn get(&mut self, _: &str) -> io::Result<Vec<u8>> { Ok(vec![]) }
/// # }
/// # async fn ask() -> io::Result<Vec<u8>> {
/// let server = AsyncReconnect::new(|| Client::open());
/// server.run(async |client| client.get("session").await).await
/// # }
/// ```
pub struct AsyncReconnect<C> {
    open: Box<dyn Fn() -> Opening<C> + Send + Sync>,
    pool: Pool<C>,
}

impl<C> AsyncReconnect<C> {
    /// Connections made by `open`, at most four of them idle.
    pub fn new<F>(open: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = io::Result<C>> + Send + 'static,
    {
        Self { open: Box::new(move || Box::pin(open())), pool: Pool::new() }
    }

    /// Runs `call` with a connection. If the connection broke that was kept
    /// from an earlier call, runs it once more with a new one: `call` must
    /// bear being run twice, as a conditional write with one version does.
    ///
    /// # Errors
    ///
    /// Those of `open` and of `call`.
    pub async fn run<T>(
        &self,
        mut call: impl AsyncFnMut(&mut C) -> io::Result<T>,
    ) -> io::Result<T> {
        // Should this be dropped at its deadline, the other connections of its
        // time are not worth trying either.
        let unanswered = Unanswered(&self.pool);
        let result = self.answered(&mut call).await;
        std::mem::forget(unanswered);
        result
    }

    async fn answered<T>(
        &self,
        call: &mut impl AsyncFnMut(&mut C) -> io::Result<T>,
    ) -> io::Result<T> {
        if let Some(mut kept) = self.pool.take() {
            match call(&mut kept).await {
                Ok(value) => {
                    self.pool.put(kept);
                    return Ok(value);
                }
                Err(error) if is_broken(&error) => self.pool.broken(&error),
                Err(error) => return Err(error),
            }
        }
        tracing::debug!("opens a connection");
        let mut fresh = (self.open)().await?;
        let value = call(&mut fresh).await?;
        self.pool.put(fresh);
        Ok(value)
    }
}

/// Drops the idle connections, unless forgotten.
struct Unanswered<'a, C>(&'a Pool<C>);

impl<C> Drop for Unanswered<'_, C> {
    fn drop(&mut self) {
        self.0.clear();
    }
}

impl<C> fmt::Debug for AsyncReconnect<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AsyncReconnect")
    }
}
