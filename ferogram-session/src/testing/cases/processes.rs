//! Laws 4 to 6 with real processes: this program is started again, for one
//! test, and finds in its environment that it is to work on a session that
//! another process checks.

use super::*;
use crate::DcFlags;
use crate::random;
use crate::testing::sample::{self, bare_dc, dc, user};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const NUMBER: &str = "FEROGRAM_SESSION_PROCESS";
const PLACE_DIR: &str = "FEROGRAM_SESSION_PROCESS_DIR";
const PLACE_ID: &str = "FEROGRAM_SESSION_PROCESS_ID";
const REPORT: &str = "FEROGRAM_SESSION_PROCESS_REPORT";

/// How long a process may take to start and do its work.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process at work, which says in a file how far it has come.
struct Worker {
    process: Child,
    report: PathBuf,
}

impl Worker {
    fn start(suite: &Suite, place: &Place, control: &Place, number: usize) -> Self {
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
    fn wait_for(&mut self, calls: usize) {
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

    fn kill(mut self) -> usize {
        let _ = self.process.kill();
        let _ = self.process.wait();
        self.returned()
    }

    fn errors(&self) -> String {
        let name = self.report.file_name().unwrap_or_default().to_string_lossy();
        let path = self.report.with_file_name(name.replace("report", "errors"));
        fs::read_to_string(path).unwrap_or_default()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// If this is such a process: which one, and its place.
fn role() -> Option<(usize, Place)> {
    let number = std::env::var(NUMBER).ok()?.parse().ok()?;
    let (dir, id) = (std::env::var_os(PLACE_DIR)?, std::env::var(PLACE_ID).ok()?);
    Some((number, Place::attach(dir.into(), id)))
}

/// Makes the calls, and a line in the report after each that has returned.
fn work(suite: &Suite, place: &Place, calls: impl Iterator<Item = Call>) {
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

/// How often a process is killed in each case.
fn kills() -> usize {
    let set = std::env::var("FEROGRAM_SESSION_KILLS").ok();
    set.map_or(3, |kills| kills.parse().expect("FEROGRAM_SESSION_KILLS is a number"))
}

/// Kills a process in the middle of its calls: those that returned are there,
/// the next one may be, whole.
fn killed(suite: &Suite, calls: impl Fn() -> Box<dyn Iterator<Item = Call>>) {
    if let Some((_, place)) = role() {
        return work(suite, &place, calls());
    }
    for round in 0..kills() {
        let (place, control) = (Place::new(), Place::new());
        drop(saved(suite, &place, &sample::full()));
        let mut worker = Worker::start(suite, &place, &control, round);
        worker.wait_for(1 + 7 * round % 40);
        // Anywhere in a call.
        std::thread::sleep(Duration::from_micros((random::fresh() % 2_000) as u64));
        let returned = worker.kill();

        let mut reference = Reference::holding(&sample::full());
        let mut calls = calls();
        calls.by_ref().take(returned).for_each(|call| reference.call(&call));
        let backend = suite.make(&place);
        let loaded = backend.load();
        let again = backend.load();
        if let Err(difference) = compare(reference.stored(), loaded) {
            reference.call(&calls.next().expect("the calls have no end"));
            if compare(reference.stored(), again).is_err() {
                panic!("after a kill when {returned} calls had returned: {difference}");
            }
        }
        // And it goes on from there.
        save_and_check(&*backend, &sample::other(), "saved after a kill");
    }
}

pub(super) fn killed_while_saving(suite: &Suite) {
    killed(suite, || {
        let large = PersistedSession { peers: sample::with_peers(300).peers, ..sample::full() };
        Box::new((0..).map(move |at| {
            let session = if at % 2 == 0 { sample::other() } else { large.clone() };
            Call::Save(Box::new(PersistedSession { home_dc_id: at, ..session }))
        }))
    });
}

pub(in crate::testing) fn law_6_a_login_survives_a_killed_process(suite: &Suite) {
    killed(suite, || {
        Box::new((0..).map(|at| match at % 3 {
            0 => Call::UpdateDc(dc(at % 5, DcFlags::NONE)),
            1 => Call::SetHomeDc(at),
            _ => Call::UpdateDc(dc(at, DcFlags::MEDIA_ONLY)),
        }))
    });
}

pub(in crate::testing) fn law_6_counters_survive_a_killed_process(suite: &Suite) {
    killed(suite, || {
        Box::new((0..).map(|at| match at % 4 {
            0 => Call::Update(primary(at)),
            1 => Call::Update(UpdateStateChange::Secondary { qts: at }),
            2 => Call::Update(channel_pts((at % 50).into(), at)),
            _ => Call::CachePeer(user((at % 50).into(), (at % 3).into())),
        }))
    });
}
