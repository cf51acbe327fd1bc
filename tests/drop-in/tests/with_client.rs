//! The programs that users are shown, as they stand: the example of the real
//! client on each backend, and the one of README.md.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use drop_in::bot::PATIENCE;
use drop_in::server::Caller;
use drop_in::{Answer, Server, kinds, seed};
use ferogram::SessionBackend;
use ferogram_session::PersistedSession;
use ferogram_session_servers::postgres::Postgres;
use ferogram_session_servers::redis::Redis;
use ferogram_session_servers::s3::{BUCKET, S3};
use ferogram_session_servers::sqld::Sqld;

const EXAMPLE: &str = env!("CARGO_BIN_EXE_with_client");
const SOURCE: &str = include_str!("../../../examples/with_client/main.rs");
const README: &str = env!("CARGO_BIN_EXE_readme");

/// A program that runs until it is told to stop, as at a terminal.
struct Program {
    process: Child,
    lines: Receiver<String>,
    said: Vec<String>,
}

impl Program {
    fn start(program: &str, variables: &[(&str, String)]) -> Self {
        let mut process = Command::new(program)
            .envs([("API_ID", "12345"), ("API_HASH", "0123456789abcdef0123456789abcdef")])
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let output = BufReader::new(process.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Self { process, lines, said: Vec::new() }
    }

    fn wait_for(&mut self, word: &str) {
        while self.said.last().is_none_or(|line| !line.starts_with(word)) {
            let line = self.lines.recv_timeout(PATIENCE);
            self.said.push(line.unwrap_or_else(|_| panic!("no {word:?} behind {:?}", self.said)));
        }
    }

    /// What Ctrl-C does. Gives all that the program printed.
    fn interrupt(mut self) -> String {
        let kill = format!("kill -INT {}", self.process.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        // Until it has closed its output.
        let end = loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => self.said.push(line),
                Err(end) => break end,
            }
        };
        assert_eq!(end, RecvTimeoutError::Disconnected, "does not stop: {:?}", self.said);
        assert!(self.process.wait().unwrap().success());
        self.said.iter().map(|line| format!("{line}\n")).collect()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What the header of the example says that it prints.
fn header() -> String {
    let header =
        SOURCE.lines().map_while(|line| line.strip_prefix("//! ").or(line.strip_prefix("//!")));
    let block = header.skip_while(|line| *line != "```text").skip(2);
    block.take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect()
}

fn wait(what: &str, mut reached: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !reached() {
        assert!(Instant::now() < until, "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A stored session: the backend's kind and its place, as [`kinds`] has them.
struct Stored(&'static str, String);

impl Stored {
    fn open(&self) -> Arc<dyn SessionBackend> {
        kinds::open(self.0, &self.1)
    }

    fn load(&self) -> PersistedSession {
        self.open().load().unwrap().unwrap()
    }
}

/// A datacentre that knows the login of the stored session, and has news for it.
fn datacentre(stored: &Stored) -> Server {
    drop_in::assert_isolated();
    let server = Server::start(Answer::Telegram);
    stored.open().save(&seed(&server.addr())).unwrap();
    for _ in 0..3 {
        server.datacentre().happen();
    }
    server
}

fn still_logged_in(stored: &Stored, server: &Server) {
    let key = |session: PersistedSession| session.dc_for(4, false).and_then(|dc| dc.auth_key);
    assert!(key(stored.load()).is_some_and(|there| Some(there) == key(seed(&server.addr()))));
    assert!(server.callers().iter().all(|caller| *caller == Caller::WithKey));
}

/// The example, twice: it hears of what it missed, and goes on from there.
fn runs(variables: &[(&str, String)], stored: &Stored) {
    let server = datacentre(stored);

    let mut bot = Program::start(EXAMPLE, variables);
    bot.wait_for("signed in");
    // Of redb one program has the file: when it has ended, it is seen what it stored.
    if stored.0 == "redb" {
        let said = bot.interrupt();
        assert!(said.starts_with("going on from pts 100, with 8 peers\n"), "{said}");
        wait("the counters in the file", || {
            let reached = stored.load().updates_state.pts == 5003;
            if !reached {
                let mut bot = Program::start(EXAMPLE, variables);
                bot.wait_for("signed in");
                // It may be at it.
                std::thread::sleep(Duration::from_millis(500));
                bot.interrupt();
            }
            reached
        });
    } else {
        wait("the counters in the store", || stored.load().updates_state.pts == 5003);
        assert_eq!(bot.interrupt(), header());
    }
    assert_eq!(stored.load().peers.len(), 15);
    let mut bot = Program::start(EXAMPLE, variables);
    bot.wait_for("signed in");
    let said = bot.interrupt();
    assert!(said.starts_with("going on from pts 5003, with 15 peers\n"), "{said}");
    still_logged_in(stored, &server);
}

/// The same, on a file in a folder.
fn runs_on(kind: &'static str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot").to_str().unwrap().to_owned();
    runs(&[("SESSION", format!("{kind}:{path}"))], &Stored(kind, path));
}

#[test]
fn on_a_file() {
    runs_on("file");
}

#[test]
fn on_sqlite() {
    runs_on("sqlite");
}

#[test]
fn on_libsql() {
    runs_on("libsql");
}

/// And through a copy in a file, which the second run finds as the first left it.
#[test]
fn on_a_libsql_server() {
    let server = Sqld::open();
    let stored = Stored("libsql-server", format!("{}#default", server.url()));
    runs(&[("SESSION", server.url())], &stored);

    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let place = format!("{}?replica={}", server.url(), copy.display());
    runs(&[("SESSION", place)], &stored);
    assert!(copy.is_file());
}

#[test]
fn on_redb() {
    runs_on("redb");
}

#[test]
fn on_redis() {
    let server = Redis::open();
    let stored = Stored("redis", format!("{}#my-bot", server.url()));
    runs(&[("SESSION", server.url())], &stored);
}

#[test]
fn on_postgres() {
    let server = Postgres::open();
    let url = server.url("postgres");
    let stored = Stored("postgres", format!("{url}#my-bot"));
    runs(&[("SESSION", url.clone())], &stored);

    // And the program of the README, whose session is the same.
    let datacentre = datacentre(&stored);
    let mut bot = Program::start(README, &[("DATABASE_URL", url)]);
    bot.wait_for("signed in as user 0");
    wait("the counters in Postgres", || stored.load().updates_state.pts == 5003);
    drop(bot);
    still_logged_in(&stored, &datacentre);
}

/// What a program says that cannot run.
fn said(program: &str, variables: &[(&str, &str)]) -> String {
    drop_in::assert_isolated();
    let mut program = Command::new(program);
    for name in ["DATABASE_URL", "SESSION", "API_ID", "API_HASH"] {
        program.env_remove(name);
    }
    let ended = program.envs(variables.iter().copied()).output().unwrap();
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    String::from_utf8(ended.stderr).unwrap()
}

/// The URL of a Postgres where there is none, and that what is said of it is a
/// sentence, and not what a programmer sees of an error.
fn nobody_there(said: impl Fn(&str) -> String) {
    let nobody = ferogram_session_servers::free_address();
    let said = said(&format!("postgres://me:hunter2@{nobody}/bots"));
    for word in ["postgres", "my-bot", "load", "see that host and port are those of"] {
        assert!(said.contains(word), "{word:?} is not in {said}");
    }
    for word in ["Custom", "Details", "kind:", "hunter2"] {
        assert!(!said.contains(word), "{said}");
    }
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn the_program_of_the_readme_says_what_is_missing() {
    let said = |variables: &[(&str, &str)]| said(README, variables);
    let (url, id) = (("DATABASE_URL", "postgres://localhost/bots"), ("API_ID", "12345"));
    assert_eq!(said(&[]), "the variable DATABASE_URL is not set\n");
    assert_eq!(said(&[url]), "the variable API_ID is not set\n");
    assert_eq!(said(&[url, ("API_ID", "mine")]), "API_ID is not a number\n");
    let hash = ("API_HASH", "0123456789abcdef0123456789abcdef");
    nobody_there(|url| said(&[("DATABASE_URL", url), id, hash]));
}

#[test]
fn the_example_says_what_is_missing() {
    let said = |variables: &[(&str, &str)]| said(EXAMPLE, variables);
    let folder = tempfile::tempdir().unwrap();
    let file = format!("file:{}", folder.path().join("bot").display());
    let session = ("SESSION", file.as_str());
    assert_eq!(said(&[]), "the variable SESSION is not set\n");
    let where_else = said(&[("SESSION", "nowhere")]);
    assert_eq!(where_else, "SESSION is file:PATH, or sqlite:, libsql:, redb:, or a URL\n");
    assert_eq!(said(&[session]), "the variable API_ID is not set\n");
    assert_eq!(said(&[session, ("API_ID", "mine")]), "API_ID is not a number\n");
    nobody_there(|url| said(&[("SESSION", url)]));
}

#[test]
fn on_s3() {
    let server = S3::open();
    let stored = Stored("s3", format!("{}#my-bot", server.note()));
    let note = server.note();
    let [url, id, secret] = note.split(' ').collect::<Vec<_>>().try_into().unwrap();
    let variables = [
        ("SESSION", format!("s3://{BUCKET}/bots")),
        ("AWS_ENDPOINT_URL", url.to_owned()),
        ("AWS_ACCESS_KEY_ID", id.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", secret.to_owned()),
    ];
    runs(&variables, &stored);
}

#[test]
fn the_example_is_short() {
    let lines = SOURCE.lines().filter(|line| !line.starts_with("//!")).count();
    assert!((1..60).contains(&lines), "{lines}");
}
