use crate::explain::explain;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use tokio_postgres::{Client, Connection as Link, Error};

/// A connection in the making.
pub(crate) type Opening = Pin<Box<dyn Future<Output = io::Result<Connection>> + Send>>;

/// A client, and what moves its bytes: not a task in the background, so that
/// what is asked together leaves together, and nothing of a call goes on once
/// it is dropped at its deadline.
pub(crate) struct Connection {
    client: Option<Client>,
    link: Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>,
    answered: bool,
}

impl Connection {
    pub(crate) fn new<S, T>(client: Client, link: Link<S, T>) -> Self
    where
        Link<S, T>: Future<Output = Result<(), Error>> + Send + 'static,
    {
        Self { client: Some(client), link: Box::pin(link), answered: true }
    }

    /// Makes requests, and moves bytes until they are answered.
    pub(crate) async fn run<T>(
        &mut self,
        requests: impl AsyncFnOnce(&Client) -> Result<T, Error>,
        server: &str,
    ) -> io::Result<T> {
        let Self { client, link, answered } = self;
        let Some(client) = client else { return Err(io::ErrorKind::NotConnected.into()) };
        *answered = false;
        let mut requests = pin!(requests(client));
        let result = poll_fn(|context| {
            if let Poll::Ready(result) = requests.as_mut().poll(context) {
                return Poll::Ready(result);
            }
            let Poll::Ready(ended) = link.as_mut().poll(context) else { return Poll::Pending };
            // What arrived before the end may be the answer, or say why.
            match (requests.as_mut().poll(context), ended) {
                (Poll::Ready(Err(error)), Err(why)) if error.is_closed() => Poll::Ready(Err(why)),
                (Poll::Ready(result), _) => Poll::Ready(result),
                (Poll::Pending, Err(why)) => Poll::Ready(Err(why)),
                (Poll::Pending, Ok(())) => Poll::Pending,
            }
        });
        let result = result.await.map_err(|error| explain(&error, server));
        *answered = result.is_ok();
        result
    }
}

/// Sends all requests, in order, before it waits for the first answer.
pub(crate) async fn pipeline<T>(
    requests: Vec<impl Future<Output = Result<T, Error>>>,
) -> Result<Vec<T>, Error> {
    let mut requests: Vec<_> = requests.into_iter().map(Box::pin).collect();
    let send = |context: &mut Context<'_>| {
        Poll::Ready(requests.iter_mut().map(|request| request.as_mut().poll(context)).collect())
    };
    let sent: Vec<Poll<_>> = poll_fn(send).await;
    let mut answers = Vec::with_capacity(requests.len());
    for (request, sent) in requests.into_iter().zip(sent) {
        answers.push(match sent {
            Poll::Ready(answer) => answer?,
            Poll::Pending => request.await?,
        });
    }
    Ok(answers)
}

impl Drop for Connection {
    /// Says goodbye, if the server has nothing left to say and it can be said
    /// at once.
    fn drop(&mut self) {
        self.client = None;
        if self.answered {
            let _ = self.link.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        }
    }
}
