//! An operation fails, or the process ends in the middle of it.

use super::super::BinaryFileBackend;
use super::history::{History, Step, Stored, normal};
use super::{Folder, REPLACING, SESSION, Tried, at_every_operation, check, image_of, seeds};
use crate::SessionBackend;
use crate::backends::faults::{self, Image, Model, Watch};
use crate::data::UpdateStateChange;
use crate::random::Seeded;
use std::io;

/// The same calls again for each operation: that one fails, or the process
/// ends there and another goes on.
#[test]
fn a_fault_at_every_operation() {
    let (running, left) = (Folder::new(), Folder::new());
    let mut tried = Tried::default();
    for seed in 0..seeds(3) {
        let mut random = Seeded(1_000_000 + seed);
        let mut steps = Vec::new();
        // A file of ours that others may read, as an older release or `cp` leaves it.
        let readable = seed % 3 == 1;
        let (start, first) = if readable { started(&left) } else { (Image::new(), None) };
        let mut stored = first.clone();
        if readable {
            steps.push(Step::Update(UpdateStateChange::Secondary { qts: 5 }));
            stored = steps[0].after(&stored);
        }
        // Much to write, and so not as often.
        let compacts = seed % 3 == 2;
        for _ in 0..if compacts { 1 } else { 3 + random.below(6) } {
            let step = Step::any(&mut random, &stored);
            stored = step.after(&stored);
            steps.push(step);
        }
        // Chance alone may leave nothing to delete.
        if seed % 3 == 0 {
            steps.extend([Step::Home(2), Step::Home(3), Step::Delete, Step::Home(4)]);
        }
        if compacts {
            steps.push(Step::Home(3));
            stored = steps[1].after(&stored);
            steps.push(Step::many(&mut random, &stored));
        }
        tried.sequences += 1;
        at_every_operation(|at, fault| {
            running.fill(&start);
            if readable {
                let_others_read(&running);
            }
            let watch = Watch::new(running.path(), Model::of(&start)).with_fault(at, fault);
            let what = format!("seed {seed}, {fault:?} at operation {at}");
            let history = History::of(first.clone());
            let ((), watch) = watch.during(|| {
                with_a_fault(&running, &steps, history, &mut random, &left, &what, &mut tried)
            });
            tried.faults += watch.failed.len();
            tried.ops.extend(&watch.failed);
            watch.failed.first().copied()
        });
    }
    // Twenty operations of each sequence, and each of them in every way.
    let least = Tried {
        sequences: 1,
        calls: 500,
        power_cuts: 1_000,
        faults: 300,
        rewrites: 100,
        ops: REPLACING
            .into_iter()
            .chain(["link", "open", "read", "look", "lock", "remove", "rights", "truncate"])
            .collect(),
        ..Tried::default()
    };
    tried.is_enough(seeds(3), &least);
    let compactions = tried.compactions;
    assert!(compactions >= seeds(3) as usize, "{compactions} compactions");
}

fn started(folder: &Folder) -> (Image, Stored) {
    folder.fill(&Image::new());
    let backend = folder.open();
    backend.set_home_dc(2).unwrap();
    (image_of(folder), backend.load().unwrap().map(normal))
}

#[cfg(unix)]
fn let_others_read(folder: &Folder) {
    use std::os::unix::fs::PermissionsExt;
    let rights = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(folder.path().join(SESSION), rights).unwrap();
}

#[cfg(not(unix))]
fn let_others_read(_: &Folder) {}

/// How many operations have failed.
fn failures() -> usize {
    faults::with(|watch| watch.failed.len()).unwrap()
}

/// A call that was made.
struct Made {
    result: io::Result<()>,
    /// The last operation that failed in it.
    failed: Option<&'static str>,
    /// Whether it changed the session file.
    changed: bool,
    /// Whether it put another in its place, and appended nothing to that.
    rewritten: bool,
}

fn make(step: &Step, handle: &BinaryFileBackend, tried: &mut Tried) -> Made {
    let before = faults::with(|watch| {
        (watch.changed, watch.appended, watch.full) = (false, false, false);
        (watch.failed.len(), watch.model.named(SESSION))
    });
    let result = step.make(handle);
    tried.calls += 1;
    faults::with(|watch| {
        let (failures, named) = before.unwrap();
        let failed = watch.failed[failures..].last().copied();
        let rewritten = watch.model.is_another(SESSION, named) && !watch.appended;
        tried.rewrites += usize::from(rewritten);
        tried.compactions += usize::from(rewritten && watch.full);
        Made { result, failed, changed: watch.changed, rewritten }
    })
    .unwrap()
}

fn with_a_fault(
    running: &Folder,
    steps: &[Step],
    mut history: History,
    random: &mut Seeded,
    left: &Folder,
    what: &str,
    tried: &mut Tried,
) {
    let mut handle = running.open();
    for (number, step) in steps.iter().enumerate() {
        let what = format!("{what}, call {number}, {step:?}");
        history.begin(step);
        let Made { result, failed, changed, rewritten } = make(step, &handle, tried);
        // Nothing returns from a process that has ended.
        let ended = faults::with(Watch::go_on) == Some(true);
        if ended {
            handle = running.open();
        }
        match (result, failed) {
            (Ok(()), _) if !ended => history.returned(step, rewritten),
            (Err(error), None) => panic!("{what}, after the fault: {error}"),
            (_, op) => {
                let op = op.unwrap_or("none");
                // An error, and what was there is; or all of it is done but
                // for making it durable.
                let found = running
                    .open()
                    .load()
                    .unwrap_or_else(|error| panic!("{what} ({op}): {error}"))
                    .map(normal);
                assert!(history.after_crash().contains(&&found), "{what} ({op}): {found:?}");
                // Or the process ended with nothing left to do but to look.
                if !(changed && (ended || op == "sync the folder")) {
                    assert!(history.now() == &found, "{what} ({op}) took effect");
                }
                if !ended && op != "remove" {
                    let names = running.names();
                    let left = names.iter().any(|name| name.ends_with(".tmp"));
                    assert!(!left, "{what} ({op}) leaves {names:?}");
                }
                history.states.push(found);
                history.next = history.now().clone();
                // As long as there is no room it fails again, and takes nothing.
                if faults::with(|watch| watch.is_full()) == Some(true) {
                    history.begin(step);
                    let Made { result, rewritten, .. } = make(step, &handle, tried);
                    match result {
                        Ok(()) => history.returned(step, rewritten),
                        Err(_) => history.next = history.now().clone(),
                    }
                    let loaded = running.open().load();
                    let found = loaded.unwrap_or_else(|error| panic!("{what}, full: {error}"));
                    assert!(found.map(normal) == *history.now(), "{what}, and the disk is full");
                    faults::with(Watch::make_room);
                }
                // The next call works, the same one too.
                if random.below(2) == 0 {
                    history.begin(step);
                    let Made { result, rewritten, .. } = make(step, &handle, tried);
                    result.unwrap_or_else(|error| panic!("{what} ({op}), again: {error}"));
                    history.returned(step, rewritten);
                }
            }
        }
        // This may be what fails.
        let before = failures();
        match handle.load() {
            Ok(loaded) => assert!(loaded.map(normal) == *history.now(), "{what}: another session"),
            Err(error) => {
                assert!(failures() > before, "{what}, loaded: {error}");
                if faults::with(Watch::go_on) == Some(true) {
                    handle = running.open();
                }
            }
        }
        let model = faults::with(|watch| watch.model.clone()).unwrap();
        for _ in 0..2 {
            tried.power_cuts += 1;
            // Looked at without the fault.
            let image = model.cut(&mut |end| random.below(end));
            let allowed = history.after_power_cut();
            faults::aside(|| {
                check(left, &image, &allowed, false, &|| format!("{what}, then a power cut"))
            });
        }
    }
}
