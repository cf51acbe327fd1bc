//! The bot of `bin/bot.rs`, seen from the test that started it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use crate::Server;

/// How long to wait for anything.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A bot in a process of its own, killed when it is dropped.
#[derive(Debug)]
pub struct Bot {
    process: Child,
    orders: ChildStdin,
    lines: Receiver<String>,
    connected: bool,
    /// Up to which update the backend had taken all peers in the last `save`.
    pub saved: i32,
    /// The last pts that the backend had taken by itself.
    pub pts: i32,
}

impl Bot {
    /// Starts it, and waits until it is connected.
    pub fn start(program: &str, kind: &str, place: &str, nowhere: &Server) -> Self {
        let mut bot = Self::launch(program, kind, place, nowhere);
        bot.wait_for("connected");
        bot
    }

    /// Starts it.
    pub fn launch(program: &str, kind: &str, place: &str, nowhere: &Server) -> Self {
        let mut process = Command::new(program)
            .args([kind, place, &nowhere.addr()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the bot starts");
        let orders = process.stdin.take().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Self { process, orders, lines, connected: false, saved: 0, pts: 0 }
    }

    pub fn tell(&mut self, order: &str) {
        writeln!(self.orders, "{order}").expect("the bot listens");
    }

    /// Reads what it says until it says this.
    pub fn wait_for(&mut self, word: &str) {
        let until = Instant::now() + PATIENCE;
        while !self.line(until.saturating_duration_since(Instant::now())).starts_with(word) {}
    }

    /// Saves, and waits until the backend has taken it, with its counters.
    pub fn save(&mut self) {
        self.tell("save");
        self.wait_for("saved");
        self.wait_for("pts");
    }

    /// Ends it as an application does.
    pub fn stop(mut self) {
        self.tell("stop");
        self.wait_for("stopped");
        assert!(self.process.wait().unwrap().success());
    }

    /// Ends it at once. Gives up to which update its backend had taken all peers.
    pub fn kill(self) -> i32 {
        self.end().saved
    }

    /// Ends it at once. Says whether it was connected.
    pub fn kill_early(self) -> bool {
        self.end().connected
    }

    fn end(mut self) -> Self {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        // All that it said before.
        while let Ok(line) = self.lines.recv() {
            self.note(&line);
        }
        self
    }

    fn line(&mut self, patience: Duration) -> String {
        let line = match self.lines.recv_timeout(patience) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => panic!("the bot says nothing more"),
            Err(RecvTimeoutError::Disconnected) => panic!("the bot ended"),
        };
        self.note(&line);
        line
    }

    fn note(&mut self, line: &str) {
        self.connected |= line == "connected";
        let number = |word| line.strip_prefix(word).and_then(|number| number.parse().ok());
        if let Some(saved) = number("saved ") {
            self.saved = saved;
        }
        if let Some(pts) = number("pts ") {
            self.pts = pts;
        }
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
