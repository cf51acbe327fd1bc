//! The disk fails, and the power goes later.

use super::calls::{Call, Step, faulty_life, short_life};
use super::model::Model;
use super::numbers;
use super::run::{Run, check, is_traced, run};
use super::trace::{Event, Fault};
use crate::sessions::normal;
use crate::sql_files::FileBackend;
use ferogram_session::{InMemoryBackend, PersistedSession, SessionBackend};

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
            let run = run(test, &calls, None, Some(Fault { call, nth, error: Some("EIO") }));
            if !has_fault(&run) {
                break;
            }
            runs += 1;
            failures += check_failed::<B>(&run, &calls, &format!("{call} {nth}"));
        }
    }
    assert!(runs > 20 && failures > 3, "{failures} calls failed in {runs} runs");
}

/// What may become of each call of the system.
const FAULTS: [(&str, &[&str]); 7] = [
    ("pwrite64", &["EIO", "ENOSPC", "EINTR"]),
    ("pread64", &["EIO", "EINTR"]),
    ("ftruncate", &["EIO", "ENOSPC", "EINTR"]),
    ("unlink", &["EIO"]),
    ("openat", &["EIO", "ENOSPC", "EINTR"]),
    ("fsync", &["EIO", "ENOSPC", "EINTR"]),
    ("fdatasync", &["EIO", "ENOSPC", "EINTR"]),
];

/// The system fails once, at each of the calls to it: that call of the backend
/// is an error or none, the session is as before it or as behind it, and the
/// next one goes on from there.
///
/// # Panics
///
/// As a test does.
pub fn a_failed_call_of_the_system_takes_no_login<B: FileBackend>(test: &str) {
    let calls = faulty_life();
    if is_traced::<B>(&calls) {
        return;
    }
    let every = every();
    let (mut runs, mut failures) = (0, 0);
    for (kind, (call, errors)) in FAULTS.into_iter().enumerate() {
        for (more, error) in errors.iter().enumerate() {
            // The first file to be opened is that of the marks.
            let first = 1 + usize::from(call == "openat");
            let mut tried = 0;
            // Of each error others.
            for nth in (first + (kind + more) % every..).step_by(every) {
                let fault = Fault { call, nth, error: Some(error) };
                let run = run(test, &calls, None, Some(fault));
                if !has_fault(&run) {
                    break;
                }
                let what = format!("{error} of {call} {nth}");
                fails_once(&run, &what);
                failures += check_failed::<B>(&run, &calls, &what);
                tried += 1;
            }
            println!("{tried} times {error} of {call}");
            runs += tried;
        }
    }
    println!("{runs} runs, one call of the system in {every}; {failures} calls failed");
    assert!(runs * every > 300 && failures * every > 60, "{failures} calls failed in {runs} runs");
}

fn every() -> usize {
    let set = std::env::var("FEROGRAM_SESSION_FAULTS_EVERY").ok();
    set.map_or(3, |every| every.parse().expect("FEROGRAM_SESSION_FAULTS_EVERY is a number"))
}

fn has_fault(run: &Run) -> bool {
    run.events.iter().any(|event| matches!(event, Event::Fault))
}

/// No call fails but the one in which the system did.
fn fails_once(run: &Run, what: &str) {
    let mut met = false;
    for event in &run.events {
        match event {
            Event::Fault => met = true,
            Event::Mark(mark) if mark == "failed" => {
                assert!(met, "{what}: a call failed in which nothing did");
                met = false;
            }
            Event::Mark(mark) if mark == "returned" => met = false,
            _ => {}
        }
    }
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
