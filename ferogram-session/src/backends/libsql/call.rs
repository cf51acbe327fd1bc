//! A call of libSQL's client, kept from doing what it must not.

use super::Address;
use super::explain::explain;
use crate::error::SessionError;
use libsql::{Database, Error};
use std::future::Future;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use tracing::Dispatch;
use tracing::instrument::WithSubscriber;

/// Waits for the client. It logs whole statements, in which keys stand, so it
/// logs nothing; and it panics at an answer that is not what it expects, which
/// then is an error.
pub(super) async fn call<T>(
    address: &Address,
    answer: impl Future<Output = libsql::Result<T>>,
) -> io::Result<T> {
    let caught = Caught(pin!(answer));
    match caught.with_subscriber(Dispatch::none()).await {
        Some(Ok(answer)) => Ok(answer),
        Some(Err(error)) => Err(explain(address, &error)),
        None => Err(SessionError::unavailable(format!(
            "the client of libSQL could not make sense of what {} answered",
            address.shown()
        ))
        .help("see that this is the address of a libSQL server")
        .into()),
    }
}

/// Waits for the client to get ready. It loads the certificates that the system
/// trusts, for a server without TLS too, and panics if it cannot.
pub(super) async fn build(
    address: &Address,
    database: impl Future<Output = libsql::Result<Database>>,
) -> io::Result<Database> {
    let unreadable = |what: &str| -> io::Error {
        SessionError::unavailable(format!("the certificates that this system trusts: {what}"))
            .help("install them (`ca-certificates`), or name a file of them in SSL_CERT_FILE")
            .into()
    };
    if let Some(path) = std::env::var_os("SSL_CERT_FILE")
        && let Err(error) = std::fs::File::open(&path)
    {
        return Err(unreadable(&format!("cannot read {}: {error}", path.display())));
    }
    let caught = Caught(pin!(database));
    match caught.with_subscriber(Dispatch::none()).await {
        Some(Ok(database)) => Ok(database),
        Some(Err(Error::InvalidTlsConfiguration(error))) => Err(unreadable(&error.to_string())),
        Some(Err(error)) => Err(explain(address, &error)),
        None => Err(unreadable("they cannot be loaded")),
    }
}

struct Caught<F>(F);

impl<F: Future + Unpin> Future for Caught<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let inner = Pin::new(&mut self.0);
        match catch_unwind(AssertUnwindSafe(|| inner.poll(context))) {
            Ok(poll) => poll.map(Some),
            Err(_) => Poll::Ready(None),
        }
    }
}
