//! What a power cut leaves of a database: laws 4 and 6.
//!
//! A program makes calls under `strace`. From what it wrote and synced follows
//! what a disk may hold at any moment when the power goes: everything synced,
//! and of the rest any part, in any order, torn. Whatever that is, the database
//! must open, and hold the session as after one of the calls: not before the
//! last that returned and said something of the login.
//!
//! `FEROGRAM_SESSION_POWER_CUTS` sets how many cuts are tried.

#[allow(dead_code, reason = "the tests of the file backend use more of it")]
#[path = "../../../ferogram-session/src/backends/faults/model.rs"]
mod model;
mod trace;

use crate::golden::{Golden, files};
use crate::sessions::{dc, full, normal, user};
use crate::sql_files::FileBackend;
use ferogram_session::{
    CachedPeer, DcEntry, DcFlags, InMemoryBackend, PersistedSession, SessionBackend,
    UpdateStateChange,
};
use model::{Image, Model};
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::Command;
use trace::{Event, Fault};

enum Step {
    Save(Box<PersistedSession>),
    Dc(Box<DcEntry>),
    Home(i32),
    Update(UpdateStateChange),
    Peer(CachedPeer),
    Delete,
    /// The last connection is closed, and with it the log; another is opened.
    Reopen,
}

impl Step {
    fn make(&self, backend: &dyn SessionBackend) -> io::Result<()> {
        match self {
            Self::Save(session) => backend.save(session),
            Self::Dc(dc) => backend.update_dc(dc),
            Self::Home(dc) => backend.set_home_dc(*dc),
            Self::Update(update) => backend.apply_update_state(update.clone()),
            Self::Peer(peer) => backend.cache_peer(peer),
            Self::Delete => backend.delete(),
            Self::Reopen => Ok(()),
        }
    }
}

/// A step, and whether it must survive a power cut once it has returned.
type Call = (Step, bool);

fn dc_of(id: i32, key: u8) -> Call {
    (Step::Dc(Box::new(dc(id, DcFlags::NONE, Some(key)))), true)
}

fn update(pts: i32) -> Call {
    (Step::Update(UpdateStateChange::Primary { pts, date: 1, seq: 2 }), false)
}

fn peer(id: i64) -> Call {
    (Step::Peer(user(id, 5)), false)
}

fn save(session: PersistedSession, login: bool) -> Call {
    (Step::Save(Box::new(session)), login)
}

/// A life: the first save, counters between logins, another connection, an
/// end, a new beginning.
fn life() -> Vec<Call> {
    let counted = |pts| {
        let mut session = full(5);
        session.updates_state.pts = pts;
        session.home_dc_id = 4;
        session.peers.push(user(500, 1));
        session.dcs.push(dc(5, DcFlags::NONE, Some(9)));
        session
    };
    let token = PersistedSession { future_auth_token: Some(vec![7; 90]), ..counted(80) };
    vec![
        save(full(5), true),
        peer(500),
        update(1),
        update(2),
        dc_of(5, 8),
        update(3),
        peer(501),
        (Step::Home(4), true),
        save(counted(70), true),
        save(counted(71), false),
        save(token, true),
        update(72),
        peer(502),
        (Step::Reopen, false),
        update(73),
        update(74),
        dc_of(6, 10),
        update(75),
        (Step::Delete, true),
        update(76),
        peer(503),
        save(full(8), true),
        update(77),
        (Step::Home(1), true),
        update(78),
        (Step::Reopen, false),
    ]
}

/// A log that is long enough for a checkpoint, begins anew, and goes on.
fn long_log() -> Vec<Call> {
    let all_changed = |round: i64| {
        let mut session = full(4_000);
        session.peers.iter_mut().for_each(|peer| peer.access_hash += round);
        save(session, round == 0)
    };
    let mut calls: Vec<_> = (0..16).map(all_changed).collect();
    for round in 0..3 {
        calls.extend([update(round), peer(5_000), dc_of(7, round as u8 + 1)]);
    }
    calls.push((Step::Reopen, false));
    calls
}

const CALLS: &str = "SESSION_TEST_CALLS";
const PATH: &str = "SESSION_TEST_PATH";
const MARKS: &str = "SESSION_TEST_MARKS";

/// As the traced program: makes the calls, with a mark before and behind each.
fn make_calls<B: FileBackend>(calls: &[Call]) {
    let path = PathBuf::from(std::env::var_os(PATH).unwrap());
    let mut marks = fs::File::create(std::env::var_os(MARKS).unwrap()).unwrap();
    // Positions of files are followed from where they are set.
    std::io::Seek::rewind(&mut marks).unwrap();
    let mut backend = Some(B::at(&path));
    for (step, _) in calls {
        marks.write_all(b"call\n").unwrap();
        if let Step::Reopen = step {
            drop(backend.take());
            backend = Some(B::at(&path));
        }
        let made = step.make(backend.as_ref().unwrap());
        marks.write_all(if made.is_ok() { b"returned\n" } else { b"failed\n" }).unwrap();
    }
}

/// What is stored after each call, and before all of them.
fn states(calls: &[Call], old: Option<&Golden>) -> Vec<Option<PersistedSession>> {
    let reference = InMemoryBackend::new();
    if let Some(session) = old.and_then(|golden| golden.expected.as_ref()) {
        reference.save(session).unwrap();
    }
    let mut states = vec![reference.load().unwrap().map(normal)];
    for (step, _) in calls {
        step.make(&reference).unwrap();
        states.push(reference.load().unwrap().map(normal));
    }
    states
}

/// Numbers that look random and are the same each time.
fn numbers(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move |end| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % end.max(1)
    }
}

fn cuts() -> usize {
    let set = std::env::var("FEROGRAM_SESSION_POWER_CUTS").ok();
    set.map_or(100, |cuts| cuts.parse().expect("FEROGRAM_SESSION_POWER_CUTS is a number"))
}

/// How many syncs there were of which files, in a call.
#[derive(Debug, Default, PartialEq)]
struct Syncs {
    folder: usize,
    log: usize,
    database: usize,
    other: usize,
}

/// A trace of the calls, gone through.
struct Run {
    /// The files before the first call.
    before: Image,
    events: Vec<Event>,
    /// Of each call.
    syncs: Vec<Syncs>,
}

const FILE: &str = "sessions.db";

fn run(test: &str, calls: &[Call], old: Option<&Golden>, fault: Option<Fault>) -> Run {
    let (folder, beside) = (super::sql_files::folder(), super::sql_files::folder());
    let real = |folder: &tempfile::TempDir| folder.path().canonicalize().unwrap();
    let (folder_path, marks) = (real(&folder), real(&beside).join("marks"));
    let mut before = Image::new();
    if let Some(golden) = old {
        let bytes = fs::read(&golden.path).unwrap();
        fs::write(folder_path.join(FILE), &bytes).unwrap();
        before.insert(FILE.to_owned(), bytes);
    }
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
    command.env(CALLS, "make").env(PATH, folder_path.join(FILE)).env(MARKS, &marks);
    let events = trace::run(&command, &folder_path, &marks, &beside.path().join("trace"), fault);
    let mut syncs: Vec<Syncs> = Vec::new();
    for event in &events {
        match event {
            Event::Mark(mark) if mark == "call" => syncs.push(Syncs::default()),
            Event::SyncFolder => syncs.last_mut().unwrap().folder += 1,
            Event::Sync(name) => {
                let last = syncs.last_mut().unwrap();
                *match name.as_str() {
                    FILE => &mut last.database,
                    "sessions.db-wal" => &mut last.log,
                    _ => &mut last.other,
                } += 1;
            }
            _ => {}
        }
    }
    assert_eq!(syncs.len(), calls.len(), "a mark for each call");
    Run { before, events, syncs }
}

/// Opens what a power cut left. What is stored must be one of `allowed`.
fn check<B: FileBackend>(
    image: &Image,
    allowed: &[Option<PersistedSession>],
    what: &str,
    go_on: bool,
) {
    let folder = super::sql_files::folder();
    for (name, bytes) in image {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let path = folder.path().join(FILE);
    let sizes: Vec<_> = image.iter().map(|(name, bytes)| (name, bytes.len())).collect();
    let loaded = B::at(&path).load().unwrap_or_else(|error| panic!("{what}: {error}; {sizes:?}"));
    let loaded = loaded.map(normal);
    let at = allowed.iter().position(|state| *state == loaded);
    assert!(at.is_some(), "{what}: a session that it must not be; {sizes:?} {}", short(&loaded));
    if !go_on {
        return;
    }
    let backend = B::at(&path);
    backend.update_dc(&dc(9, DcFlags::NONE, Some(77))).unwrap();
    let mut expected = loaded.unwrap_or_default();
    expected.dcs.push(dc(9, DcFlags::NONE, Some(77)));
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(expected)), "{what}, and goes on");
}

fn short(session: &Option<PersistedSession>) -> String {
    session.as_ref().map_or("none".into(), |session| {
        let PersistedSession { home_dc_id, dcs, updates_state, peers, .. } = session;
        format!(
            "home {home_dc_id}, {} DCs, pts {}, {} peers",
            dcs.len(),
            updates_state.pts,
            peers.len()
        )
    })
}

/// Cuts the power at chosen moments of a run.
fn cut_everywhere<B: FileBackend>(run: &Run, calls: &[Call], old: Option<&Golden>) {
    let states = states(calls, old);
    let events = &run.events;
    let is_write = |event: &Event| matches!(event, Event::Write(..));
    let writes = events.iter().filter(|event| is_write(event)).count();
    let mut below = numbers(1);
    let mut model = Model::of(&run.before);
    // Calls that have begun; of these, up to which the power cannot take back.
    let (mut begun, mut certain) = (0, 0);
    let mut erased = false;
    let mut tried = 0;
    for (at, event) in events.iter().enumerate() {
        // At everything but a write, and at some of those.
        if !is_write(event) || below(writes) < cuts() {
            let what = format!("event {at} of {}, call {begun} of {}", events.len(), calls.len());
            let allowed = &states[certain..=begun];
            for image in [model.cut(&mut |_| 0), model.cut(&mut below)] {
                assert!(!erased || !holds_a_key(&image), "{what}: a key of a deleted session");
                check::<B>(&image, allowed, &what, tried % 8 == 0);
                tried += 1;
            }
        }
        event.apply(&mut model);
        if let Event::Mark(mark) = event {
            let is_call = mark == "call";
            begun += usize::from(is_call);
            let (step, login) = &calls[begun - 1];
            match step {
                Step::Delete if !is_call => erased = true,
                Step::Save(_) | Step::Dc(_) if is_call => erased = false,
                _ => {}
            }
            assert!(mark != "failed", "call {begun} failed");
            if !is_call && *login {
                certain = begun;
            }
        }
    }
    assert!(tried > 100, "{tried} cuts");
}

fn holds_a_key(image: &Image) -> bool {
    let keys = full(0).dcs.into_iter().filter_map(|dc| dc.auth_key);
    let parts: Vec<_> = keys.map(|key| key[..32].to_vec()).collect();
    image.values().any(|bytes| bytes.windows(32).any(|part| parts.iter().any(|key| key == part)))
}

/// Whether this is the traced program, which has then made its calls.
fn is_traced<B: FileBackend>(calls: &[Call]) -> bool {
    let traced = std::env::var_os(CALLS).is_some();
    if traced {
        make_calls::<B>(calls);
    }
    traced
}

/// # Panics
///
/// As a test does.
pub fn a_power_cut_takes_no_login<B: FileBackend>(test: &str) {
    let calls = life();
    if is_traced::<B>(&calls) {
        return;
    }
    let run = run(test, &calls, None, None);
    // What begins a log is worth a sync, and one of the folder if it is new.
    let (mut log, mut folder) = (0, 0);
    for ((step, login), syncs) in calls.iter().zip(&run.syncs) {
        match step {
            Step::Reopen => (log, folder) = (1, 1),
            _ if *login => {
                assert!(syncs.log > 0 && syncs.database > 0, "a login is in both: {syncs:?}");
                (log, folder) = (1, 0);
            }
            _ => {
                let few = Syncs { log, folder, ..Syncs::default() };
                assert_eq!(*syncs, few, "a counter or a peer");
                (log, folder) = (0, 0);
            }
        }
    }
    let first = &run.syncs[0];
    assert!(first.folder > 0 && first.other > 0, "the new file and its name: {first:?}");
    cut_everywhere::<B>(&run, &calls, None);
}

/// # Panics
///
/// As a test does.
pub fn a_power_cut_while_the_log_begins_anew_takes_no_login<B: FileBackend>(test: &str) {
    let calls = long_log();
    if is_traced::<B>(&calls) {
        return;
    }
    let run = run(test, &calls, None, None);
    let quiet = |(step, login): &Call| !login && !matches!(step, Step::Reopen);
    let quiet = calls.iter().zip(&run.syncs).filter(|(call, _)| quiet(call));
    let checkpoints = quiet.filter(|(_, syncs)| syncs.database > 0).count();
    assert_eq!(checkpoints, 1, "the length of the log calls for it");
    cut_everywhere::<B>(&run, &calls, None);
}

/// # Panics
///
/// As a test does.
pub fn a_power_cut_while_an_older_database_is_taken_over_takes_no_login<B: FileBackend>(
    test: &str,
) {
    let calls = vec![update(5), dc_of(5, 8), peer(500), (Step::Reopen, false), update(6)];
    if is_traced::<B>(&calls) {
        return;
    }
    let golden = files("sqlite", "db").into_iter().find(|old| old.name() == "0.6.6-full.db");
    let run = run(test, &calls, golden.as_ref(), None);
    cut_everywhere::<B>(&run, &calls, golden.as_ref());
}

/// A life, shorter.
fn short_life() -> Vec<Call> {
    vec![
        save(full(3), true),
        update(1),
        dc_of(5, 8),
        update(2),
        (Step::Reopen, false),
        (Step::Home(4), true),
        (Step::Delete, true),
        save(full(4), true),
        update(3),
    ]
}

/// The disk fails once, at each of the syncs, and the power goes later: what
/// was to be synced then is lost, and a later sync does not make up for it.
///
/// # Panics
///
/// As a test does.
pub fn a_failed_sync_takes_no_login<B: FileBackend>(test: &str) {
    let calls = short_life();
    if is_traced::<B>(&calls) {
        return;
    }
    let (mut runs, mut failures) = (0, 0);
    // Which one an engine takes depends on how it was built.
    for call in ["fsync", "fdatasync"] {
        for nth in 1.. {
            let run = run(test, &calls, None, Some((call, nth)));
            if !run.events.iter().any(|event| matches!(event, Event::FailedSync(_))) {
                break;
            }
            runs += 1;
            failures += check_failed::<B>(&run, &calls, &format!("{call} {nth}"));
        }
    }
    assert!(runs > 20 && failures > 3, "{failures} calls failed in {runs} runs");
}

type States = Vec<Option<PersistedSession>>;

/// Checks what each login that was acknowledged leaves to a power cut. Returns
/// how many calls failed.
fn check_failed<B: FileBackend>(run: &Run, calls: &[Call], what: &str) -> usize {
    let mut below = numbers(2);
    let mut model = Model::default();
    // What may be stored now, and what a power cut may take that back to.
    let (mut now, mut ever): (States, States) = (vec![None], vec![None]);
    let (mut calls, mut failures) = (calls.iter(), 0);
    for event in &run.events {
        event.apply(&mut model);
        let Event::Mark(mark) = event else { continue };
        if mark == "call" {
            continue;
        }
        let (step, login) = calls.next().unwrap();
        let changed: States = now.iter().map(|state| after(state, step)).collect();
        if mark == "failed" {
            // It may have taken effect.
            now.extend(changed);
            failures += 1;
        } else {
            now = changed;
        }
        ever = if *login && mark != "failed" { now.clone() } else { [ever, now.clone()].concat() };
        for image in [model.cut(&mut |_| 0), model.cut(&mut below)] {
            check::<B>(&image, &ever, what, false);
        }
    }
    check::<B>(&model.live(), &now, what, true);
    failures
}

fn after(state: &Option<PersistedSession>, step: &Step) -> Option<PersistedSession> {
    let reference = InMemoryBackend::new();
    if let Some(session) = state {
        reference.save(session).unwrap();
    }
    step.make(&reference).unwrap();
    reference.load().unwrap().map(normal)
}
