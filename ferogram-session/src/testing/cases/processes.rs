//! Law 5 with real processes: this program is started again, for one
//! test, and finds in its environment that it is to work on a session that
//! another process checks.

use super::*;
use crate::DcFlags;
use crate::testing::sample::{self, bare_dc, user};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

const NUMBER: &str = "FEROGRAM_SESSION_PROCESS";
const PLACE_DIR: &str = "FEROGRAM_SESSION_PROCESS_DIR";
const PLACE_ID: &str = "FEROGRAM_SESSION_PROCESS_ID";
const REPORT: &str = "FEROGRAM_SESSION_PROCESS_REPORT";

/// How long a process may take to start and do its work.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process at work, which says in a file how far it has come.
pub(super) struct Worker {
    process: Child,
    report: PathBuf,
}

impl Worker {
    pub(super) fn start(suite: &Suite, place: &Place, control: &Place, number: usize) -> Self {
        let test = suite.test.expect("only called from a `#[test]`");
        let report = control.dir().join(format!("report-{number}"));
        let errors = File::create(control.dir().join(format!("errors-{number}")));
        let process = std::env::current_exe().and_then(|program| {
            Command::new(program)
                .args([test, "--exact", "--nocapture", "--test-threads=1"])
                .env(NUMBER, number.to_string())
                .env(PLACE_DIR, place.dir())
                .env(PLACE_ID, place.id())
                .env(REPORT, &report)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(errors?)
                .spawn()
        });
        match process {
            Ok(process) => Self { process, report },
            Err(error) => panic!("cannot start another process of this test: {error}"),
        }
    }

    /// Waits until that many calls have returned there.
    pub(super) fn wait_for(&mut self, calls: usize) {
        let start = Instant::now();
        while self.returned() < calls {
            let ended = self.process.try_wait().ok().flatten();
            if ended.is_some() || start.elapsed() > PATIENCE {
                panic!(
                    "the other process made {} of {calls} calls: {}",
                    self.returned(),
                    self.errors()
                );
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// How many calls have returned there: a line for each.
    fn returned(&self) -> usize {
        fs::read(&self.report)
            .map_or(0, |report| report.iter().filter(|byte| **byte == b'\n').count())
    }

    fn join(&mut self) {
        let start = Instant::now();
        loop {
            match self.process.try_wait() {
                Ok(Some(status)) if status.success() => return,
                Ok(None) if start.elapsed() < PATIENCE => {
                    std::thread::sleep(Duration::from_millis(1));
                }
                other => panic!("another process of this test: {other:?} {}", self.errors()),
            }
        }
    }

    /// Kills it at its work. Returns how many calls had returned there.
    pub(super) fn kill(mut self) -> usize {
        let _ = self.process.kill();
        match self.process.wait() {
            Ok(status) if is_killed(status) => self.returned(),
            // Nothing would be proved: nothing was cut short.
            other => panic!("ended before it was killed: {other:?} {}", self.errors()),
        }
    }

    fn errors(&self) -> String {
        let name = self.report.file_name().unwrap_or_default().to_string_lossy();
        let path = self.report.with_file_name(name.replace("report", "errors"));
        fs::read_to_string(path).unwrap_or_default()
    }
}

#[cfg(unix)]
fn is_killed(status: ExitStatus) -> bool {
    // SIGKILL has this number everywhere.
    std::os::unix::process::ExitStatusExt::signal(&status) == Some(9)
}

#[cfg(not(unix))]
fn is_killed(status: ExitStatus) -> bool {
    !status.success()
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// If this is such a process: which one, and its place.
pub(super) fn role() -> Option<(usize, Place)> {
    let number = std::env::var(NUMBER).ok()?.parse().ok()?;
    let (dir, id) = (std::env::var_os(PLACE_DIR)?, std::env::var(PLACE_ID).ok()?);
    Some((number, Place::attach(dir.into(), id)))
}

/// Makes the calls, and a line in the report after each that has returned.
pub(super) fn work(suite: &Suite, place: &Place, calls: impl Iterator<Item = Call>) {
    let path = std::env::var_os(REPORT).unwrap_or_default();
    let report = OpenOptions::new().create(true).append(true).open(Path::new(&path));
    let mut report = ok(report, "opening the report");
    let backend = suite.make(place);
    let start = Instant::now();
    // Not for ever, should nobody be left to end it.
    for call in calls.take_while(|_| start.elapsed() < PATIENCE) {
        ok(call.make(&*backend), &format!("{call:?} in another process"));
        ok(report.write_all(b"\n"), "writing the report");
    }
}

/// Beside this one.
const WRITERS: usize = 5;
const READERS: usize = 2;
const CALLS: usize = 30;

/// Disjoint records, of each sort; every other peer needs to know what is
/// stored.
fn disjoint(process: usize) -> impl Iterator<Item = Call> {
    (0..CALLS).map(move |at| {
        let id = (process * CALLS + at + 1) as i32;
        match at % 4 {
            0 => Call::CachePeer(user(id.into(), 0)),
            1 => Call::CachePeer(user(id.into(), 5)),
            2 => Call::Update(channel_pts(10_000 + i64::from(id), id)),
            _ => Call::UpdateDc(bare_dc(1_000 + id, DcFlags::NONE)),
        }
    })
}

/// Loads until the others are done: each time a whole session, with what was
/// there before it and what was seen there once.
fn read_along(suite: &Suite, place: &Place) {
    let path = std::env::var_os(REPORT).unwrap_or_default();
    let mut report = ok(File::create(Path::new(&path)), "opening the report");
    let backend = suite.make(place);
    let (start, full) = (Instant::now(), sample::full());
    let mut seen = 0;
    let done = Path::new(&path).with_file_name(DONE);
    while start.elapsed() < PATIENCE && !done.exists() {
        let session = ok(backend.load(), "load in another process");
        let session = session.unwrap_or_else(|| panic!("a load among writers finds nothing"));
        assert_eq!(session.home_dc_id, full.home_dc_id, "another home DC");
        let logins = full.dcs.iter().filter(|dc| dc.auth_key.is_some());
        assert!(logins.into_iter().all(|dc| session.dcs.contains(dc)), "a login is gone");
        assert!(session.peers.len() >= seen, "peers that were there are gone");
        seen = session.peers.len();
        ok(report.write_all(b"\n"), "writing the report");
    }
}

/// The name of a file that tells readers to end.
const DONE: &str = "done";

pub(in crate::testing) fn law_5_processes_lose_nothing(suite: &Suite) {
    if let Some((number, place)) = role() {
        return if number <= WRITERS {
            work(suite, &place, disjoint(number))
        } else {
            read_along(suite, &place)
        };
    }
    let (place, control) = (Place::new(), Place::new());
    let backend = saved(suite, &place, &sample::full());
    let mut workers: Vec<_> = (1..=WRITERS + READERS)
        .map(|number| Worker::start(suite, &place, &control, number))
        .collect();
    workers.iter_mut().for_each(|worker| worker.wait_for(1));
    // This process writes too, and remembers what it wrote.
    disjoint(0).for_each(|call| ok(call.make(&*backend), &format!("{call:?}")));
    workers[..WRITERS].iter_mut().for_each(Worker::join);
    ok(fs::write(control.dir().join(DONE), b""), "telling the readers");
    workers[WRITERS..].iter_mut().for_each(Worker::join);

    let mut reference = Reference::holding(&sample::full());
    (0..=WRITERS).flat_map(disjoint).for_each(|call| reference.call(&call));
    let expected = reference.stored().expect("just called");
    holds(&*backend, expected, "after eight processes at once");
    holds(&*suite.make(&place), expected, "made again after eight processes at once");
}

#[cfg(test)]
mod tests {
    use super::Worker;
    use std::path::PathBuf;
    use std::process::{Command, Stdio};

    fn killed(program: &str, arguments: &[&str]) -> usize {
        let mut command = Command::new(program);
        command.args(arguments).stdout(Stdio::piped());
        let mut worker =
            Worker { process: command.spawn().unwrap(), report: PathBuf::from("none") };
        // It has ended, or will not for a while.
        let said = worker.process.stdout.take().unwrap();
        if arguments.is_empty() {
            std::io::read_to_string(said).unwrap();
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        worker.kill()
    }

    #[test]
    fn a_process_at_work_is_killed() {
        assert_eq!(killed("sleep", &["60"]), 0);
    }

    #[test]
    #[should_panic(expected = "ended before it was killed")]
    fn one_that_has_ended_is_not() {
        killed("true", &[]);
    }
}
