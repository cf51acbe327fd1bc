//! A connection that answers in time or not at all.
//!
//! The client's own timeouts are for each read, and a server that sends a byte
//! now and then never exceeds one. So a connection has a thread, and who asks
//! waits for that one no longer than until the deadline.

use crate::config::{Link, RedisConfig, Source};
use crate::explain::{self, explain};
use crate::language;
use ferogram_session::SessionError;
use redis::{Cmd, ConnectionLike, Pipeline, RedisError, RedisResult, Value};
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

/// How much later than its reads a connection is given up on: whichever of
/// them ends first says better what happened.
const GRACE: Duration = Duration::from_millis(100);

/// How long what is not answered is looked into, and half of the time until
/// then.
const PATIENCE: Duration = Duration::from_secs(1);

/// So many threads may be stuck with servers that never end an answer.
const MOST_STUCK: usize = 16;

/// What is asked in one go.
pub(crate) enum Question {
    One(Cmd),
    All(Pipeline),
}

/// A connection, by way of its thread. The thread ends with it, or as soon as
/// the read ends that it is stuck in.
pub(crate) struct Wire {
    asked: Sender<(Question, Duration)>,
    answers: Receiver<RedisResult<Value>>,
    thread: Option<JoinHandle<()>>,
    stuck: Stuck,
}

/// Threads that were given up on.
#[derive(Clone, Default)]
pub(crate) struct Stuck(Arc<Mutex<Vec<JoinHandle<()>>>>);

enum End {
    /// One of ours, which is told how long to wait.
    Timed(redis::Connection),
    /// One of the user's, who has told it.
    Given(Link),
}

impl Wire {
    /// A new connection, if there is one within that time.
    /// To a server that was `met` before, and so speaks what it is asked for.
    pub(crate) fn open(
        config: &RedisConfig,
        stuck: &Stuck,
        met: bool,
        left: Duration,
    ) -> io::Result<Self> {
        if let Source::Wrong(wrong) = &config.source {
            return Err(wrong.error());
        }
        let left = left.max(Duration::from_millis(1));
        stuck.has_room(config)?;
        let (asked, questions) = channel();
        let (answer, answers) = channel();
        let of = config.clone();
        let serve = move || match End::open(&of, left) {
            Ok(end) => end.serve(&questions, &answer),
            // Who asked may have gone meanwhile.
            Err(error) => drop(answer.send(Err(error))),
        };
        let thread = Builder::new().name("redis connection".to_owned()).spawn(serve)?;
        let mut wire = Self { asked, answers, thread: Some(thread), stuck: stuck.clone() };
        wire.opened(config, met, left)?;
        Ok(wire)
    }

    /// Waits until it is open. When that takes long, or failed without a word,
    /// a server that was never met may speak the other of two languages; then
    /// nothing is to be waited for.
    fn opened(&mut self, config: &RedisConfig, met: bool, left: Duration) -> io::Result<()> {
        let began = Instant::now();
        let other = || match met {
            true => None,
            false => language::mismatch(config, (left / 4).min(PATIENCE)),
        };
        let error = match self.answers.recv_timeout((left / 2).min(2 * PATIENCE)) {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(error)) if explain::is_without_a_word(&error) => {
                return Err(other().unwrap_or_else(|| explain(config, &error)));
            }
            Ok(Err(error)) => error,
            Err(_) => {
                if let Some(error) = other() {
                    self.stuck.add(self.thread.take());
                    return Err(error);
                }
                match self.wait(left.saturating_sub(began.elapsed())) {
                    Ok(_) => return Ok(()),
                    Err(error) => error,
                }
            }
        };
        Err(explain(config, &error))
    }

    /// Asks, and waits no longer than that for the whole answer. After an
    /// error that is none of the server's, nothing more can be asked.
    pub(crate) fn ask(&mut self, question: Question, left: Duration) -> RedisResult<Value> {
        let left = left.max(Duration::from_millis(1));
        if self.asked.send((question, left)).is_err() {
            return Err(gone());
        }
        self.wait(left)
    }

    fn wait(&mut self, left: Duration) -> RedisResult<Value> {
        match self.answers.recv_timeout(left.saturating_add(GRACE)) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => {
                self.stuck.add(self.thread.take());
                Err(io::Error::from(io::ErrorKind::TimedOut).into())
            }
            Err(RecvTimeoutError::Disconnected) => Err(gone()),
        }
    }
}

/// The thread of a connection is gone, and has not said why: a panic in the
/// client, or in what the user's factory does.
const PANICKED: &str = "the thread of the connection panicked";

fn gone() -> RedisError {
    (redis::ErrorKind::Client, PANICKED).into()
}

pub(crate) fn panicked(error: &RedisError) -> bool {
    error.kind() == redis::ErrorKind::Client && error.to_string().starts_with(PANICKED)
}

impl End {
    fn open(config: &RedisConfig, left: Duration) -> RedisResult<Self> {
        // Also for connections of the user's, which may be of TLS as well.
        #[cfg(feature = "tls")]
        crate::tls::provide_crypto();
        match &config.source {
            Source::Client(client) => client.get_connection_with_timeout(left).map(Self::Timed),
            Source::Factory(connect) => connect().map(Self::Given),
            Source::Wrong(_) => Err(RedisError::from(io::Error::from(io::ErrorKind::InvalidInput))),
        }
    }

    /// Says that it is open, and answers what is asked until nobody asks.
    fn serve(
        mut self,
        questions: &Receiver<(Question, Duration)>,
        answers: &Sender<RedisResult<Value>>,
    ) {
        let mut answer = Ok(Value::Nil);
        while answers.send(answer).is_ok() {
            let Ok((question, left)) = questions.recv() else { return };
            answer = self.link(left).and_then(|link| match &question {
                Question::One(command) => command.query(link),
                Question::All(commands) => commands.query(link),
            });
        }
    }

    /// The connection, told to wait no longer than that for a byte.
    fn link(&mut self, left: Duration) -> RedisResult<&mut dyn ConnectionLike> {
        match self {
            Self::Timed(connection) => {
                connection.set_read_timeout(Some(left))?;
                connection.set_write_timeout(Some(left))?;
                Ok(connection)
            }
            Self::Given(link) => Ok(&mut **link),
        }
    }
}

impl Stuck {
    fn add(&self, thread: Option<JoinHandle<()>>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(thread);
    }

    /// Each try to reach a server that never ends an answer may leave a thread
    /// behind; not any number of them.
    fn has_room(&self, config: &RedisConfig) -> io::Result<()> {
        let mut threads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        threads.retain(|thread| !thread.is_finished());
        if threads.len() < MOST_STUCK {
            return Ok(());
        }
        let what = format!("{} has not ended {MOST_STUCK} answers", config.server());
        Err(SessionError::timed_out(what)
            .help("see what stands between here and the server; it is asked again when one ends")
            .into())
    }
}

#[cfg(test)]
mod tests {
    /// Where two implementations of it are compiled in, rustls panics unless
    /// one was chosen before. (Nothing else in this program chooses one.)
    #[cfg(feature = "tls")]
    #[test]
    fn a_factory_finds_an_implementation_for_rustls() {
        use crate::{RedisBackend, RedisConfig};
        use ferogram_session::SessionBackend;
        use redis::{RedisError, RedisResult};
        use rustls::crypto::CryptoProvider;

        assert!(CryptoProvider::get_default().is_none());
        let config = RedisConfig::connection_with(|| -> RedisResult<redis::Connection> {
            let chosen = CryptoProvider::get_default().is_some();
            let why = if chosen { "chosen" } else { "not chosen" };
            Err(RedisError::from((redis::ErrorKind::Client, why)))
        });
        let error = RedisBackend::with(config, "my-bot").load().unwrap_err();
        assert!(error.to_string().contains(": chosen"), "{error}");
    }
}
