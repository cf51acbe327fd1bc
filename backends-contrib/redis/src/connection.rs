//! Connections to the server, and a talk over one of them that ends in time.

use crate::config::RedisConfig;
use crate::explain::{self, explain};
use crate::script::Script;
use crate::wire::{Question, Stuck, Wire};
use ferogram_session::{Reconnect, deadline_after};
use redis::{Cmd, FromRedisValue, RedisResult};
use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Connections, made on first use and again when they break.
pub(crate) struct Connections {
    config: RedisConfig,
    /// Opened inside of a call, which knows how much of its time is left.
    pool: Reconnect<Option<Wire>>,
    stuck: Stuck,
    /// Whether a connection came about before.
    met: AtomicBool,
}

impl Connections {
    pub(crate) fn new(config: RedisConfig) -> Self {
        Self {
            config,
            pool: Reconnect::new(|| Ok(None)),
            stuck: Stuck::default(),
            met: AtomicBool::new(false),
        }
    }

    /// Talks with the server until the deadline, which is that of the call, as
    /// there may be several talks in it. If the connection broke that was kept from
    /// an earlier call, once more from the beginning, over a new one and in what is
    /// left of the time.
    pub(crate) fn talk<T>(
        &self,
        mut call: impl FnMut(&mut Talk<'_>) -> io::Result<T>,
    ) -> io::Result<T> {
        let until = deadline_after(self.config.timeout);
        if left(until).is_zero() {
            return Err(explain::no_time(&self.config));
        }
        let mut failed = None;
        self.pool.run(|kept| {
            if let Some(error) = failed.take() {
                let server = self.config.server();
                tracing::debug!(server, %error, "a connection broke; the call is made again");
            }
            let result = self
                .connected(kept, until)
                .and_then(|wire| call(&mut Talk { wire, config: &self.config, until }));
            failed = result.as_ref().err().map(ToString::to_string);
            result
        })
    }

    fn connected<'a>(
        &self,
        kept: &'a mut Option<Wire>,
        until: Instant,
    ) -> io::Result<&'a mut Wire> {
        if let Some(wire) = kept {
            return Ok(wire);
        }
        tracing::debug!(server = self.config.server(), "connects");
        let met = self.met.load(Ordering::Relaxed);
        let wire = Wire::open(&self.config, &self.stuck, met, left(until))?;
        self.met.store(true, Ordering::Relaxed);
        Ok(kept.insert(wire))
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.config.fmt(f)
    }
}

/// Questions and answers over one connection.
pub(crate) struct Talk<'a> {
    wire: &'a mut Wire,
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
        let answers = self.put(Question::All(all), self.left());
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
        // Where it is not known, the `WAIT` behind it would wait in vain, and
        // leave no time for the one that counts.
        if replicas > 0 && !script.may_be_known() {
            return self
                .ask_waiting(&filled(script.by_text(key)), replicas)
                .map_err(|error| explain(self.config, &error));
        }
        let mut answer = self.ask_waiting(&filled(script.by_hash(key)), replicas);
        if answer.as_ref().is_err_and(|error| explain::code(error) == "NOSCRIPT") {
            answer = self.ask_waiting(&filled(script.by_text(key)), replicas);
        }
        answer.map_err(|error| explain(self.config, &error))
    }

    /// Sends a command and takes its answer; with `replicas`, waits for these.
    fn ask_waiting<T: FromRedisValue>(
        &mut self,
        command: &Cmd,
        replicas: u32,
    ) -> RedisResult<(T, u32)> {
        const PAUSE: Duration = Duration::from_millis(50);
        let mut waited = false;
        loop {
            let left = self.left();
            let answer = match replicas {
                0 => self.put(Question::One(command.clone()), left).map(|answer| (answer, 0)),
                _ => self.put(Question::All(and_wait(command, replicas, left)), left),
            };
            match answer {
                Err(error) if left > PAUSE && explain::passes(&error) => {
                    if !std::mem::replace(&mut waited, true) {
                        let (server, why) = (self.config.server(), explain::code(&error));
                        tracing::debug!(server, why, "the server is not ready; the call waits");
                    }
                    std::thread::sleep(PAUSE);
                }
                answer => return answer,
            }
        }
    }

    fn put<T: FromRedisValue>(&mut self, question: Question, left: Duration) -> RedisResult<T> {
        Ok(T::from_redis_value(self.wire.ask(question, left)?)?)
    }

    fn left(&self) -> Duration {
        left(self.until)
    }
}

fn left(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now())
}

/// The command and its `WAIT`, in one round trip. The server looks at the clock
/// ten times a second, and has to answer before we stop listening.
fn and_wait(command: &Cmd, replicas: u32, left: Duration) -> redis::Pipeline {
    let patience = left.saturating_sub((left / 8).max(Duration::from_millis(250)));
    let mut both = redis::pipe();
    both.add_command(command.clone()).cmd("WAIT").arg(replicas);
    both.arg((patience.as_millis() as u64).max(1));
    both
}
