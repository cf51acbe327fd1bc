//! Connections to the server, and a talk over one of them that ends in time.

use crate::config::{Link, RedisConfig, Source};
use crate::explain::{self, explain};
use crate::script::Script;
use ferogram_session::Reconnect;
use redis::{Cmd, FromRedisValue, RedisResult};
use std::fmt;
use std::io;
use std::time::{Duration, Instant};

/// Connections, made on first use and again when they break.
pub(crate) struct Connections {
    config: RedisConfig,
    pool: Reconnect<Connection>,
}

enum Connection {
    /// One of ours, which is told how long to wait.
    Timed(redis::Connection),
    /// One of the user's, who has told it.
    Given(Link),
}

impl Connections {
    pub(crate) fn new(config: RedisConfig) -> Self {
        let to = config.clone();
        Self { config, pool: Reconnect::new(move || Connection::open(&to)) }
    }

    /// Talks with the server until the deadline; if the connection broke that
    /// was kept from an earlier call, once more from the beginning.
    pub(crate) fn talk<T>(
        &self,
        mut call: impl FnMut(&mut Talk<'_>) -> io::Result<T>,
    ) -> io::Result<T> {
        self.pool.run(|connection| {
            let until = Instant::now() + self.config.timeout;
            call(&mut Talk { connection, config: &self.config, until })
        })
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.config.fmt(f)
    }
}

impl Connection {
    fn open(config: &RedisConfig) -> io::Result<Self> {
        let opened = match &config.source {
            Source::Wrong(why) => return Err(Source::wrong(why)),
            Source::Client(client) => {
                provide_crypto();
                client.get_connection_with_timeout(config.timeout).map(Self::Timed)
            }
            Source::Factory(connect) => connect().map(Self::Given),
        };
        opened.map_err(|error| explain(config, &error))
    }

    /// The connection, told to wait no longer than that.
    fn link(&mut self, left: Duration) -> RedisResult<&mut dyn redis::ConnectionLike> {
        let left = left.max(Duration::from_millis(1));
        match self {
            Self::Timed(connection) => {
                connection.set_read_timeout(Some(left))?;
                connection.set_write_timeout(Some(left))?;
                Ok(connection)
            }
            Self::Given(link) => Ok(&mut **link),
        }
    }

    /// Sends a command and takes its answer; with `replicas`, waits for these.
    fn ask<T: FromRedisValue>(
        &mut self,
        command: &Cmd,
        replicas: u32,
        left: Duration,
    ) -> RedisResult<(T, u32)> {
        let link = self.link(left)?;
        if replicas == 0 {
            return Ok((command.query(link)?, 0));
        }
        // In one round trip. The server looks at the clock ten times a second,
        // and has to answer before we stop listening.
        let patience = left.saturating_sub((left / 8).max(Duration::from_millis(250)));
        redis::pipe()
            .add_command(command.clone())
            .cmd("WAIT")
            .arg(replicas)
            .arg((patience.as_millis() as u64).max(1))
            .query(link)
    }
}

/// rustls stops the program if two of its implementations are compiled in and
/// nobody has chosen one.
fn provide_crypto() {
    #[cfg(feature = "tls")]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Somebody else may have been quicker, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}

/// Questions and answers over one connection.
pub(crate) struct Talk<'a> {
    connection: &'a mut Connection,
    config: &'a RedisConfig,
    until: Instant,
}

impl Talk<'_> {
    /// Asks, and waits while the server says that it is starting or busy.
    pub(crate) fn ask<T: FromRedisValue>(&mut self, command: &Cmd) -> io::Result<T> {
        self.ask_waiting(command, 0).map(|(answer, _)| answer).map_err(|e| explain(self.config, &e))
    }

    /// Asks several things in one round trip.
    pub(crate) fn ask_all<T: FromRedisValue>(
        &mut self,
        commands: impl Iterator<Item = Cmd>,
    ) -> io::Result<Vec<T>> {
        let mut all = redis::pipe();
        for command in commands {
            all.add_command(command);
        }
        if all.is_empty() {
            return Ok(Vec::new());
        }
        let left = self.until.saturating_duration_since(Instant::now());
        let answers = self.connection.link(left).and_then(|link| all.query(link));
        answers.map_err(|error| explain(self.config, &error))
    }

    /// Runs a script; `fill` adds what comes behind the key.
    pub(crate) fn run<T: FromRedisValue>(
        &mut self,
        script: &Script,
        key: &str,
        replicas: u32,
        fill: impl Fn(&mut Cmd),
    ) -> io::Result<(T, u32)> {
        let filled = |mut command: Cmd| {
            fill(&mut command);
            command
        };
        let mut answer = self.ask_waiting(&filled(script.by_hash(key)), replicas);
        if answer.as_ref().is_err_and(|error| explain::code(error) == "NOSCRIPT") {
            answer = self.ask_waiting(&filled(script.by_text(key)), replicas);
        }
        answer.map_err(|error| explain(self.config, &error))
    }

    fn ask_waiting<T: FromRedisValue>(
        &mut self,
        command: &Cmd,
        replicas: u32,
    ) -> RedisResult<(T, u32)> {
        const PAUSE: Duration = Duration::from_millis(50);
        loop {
            let left = self.until.saturating_duration_since(Instant::now());
            let answer = self.connection.ask(command, replicas, left.max(Duration::from_millis(1)));
            match answer {
                Err(error) if left > PAUSE && explain::passes(&error) => std::thread::sleep(PAUSE),
                answer => return answer,
            }
        }
    }
}
