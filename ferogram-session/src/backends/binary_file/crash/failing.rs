//! An operation fails, or the process ends in the middle of it.

use super::history::{History, Step, normal};
use super::{FAULTS, Folder, Tried, WRITING, check, seeds};
use crate::SessionBackend;
use crate::backends::faults::{self, Image, Model, Watch};
use crate::random::Seeded;

/// The same calls again for each operation: that one fails, or the process
/// ends there and another goes on.
#[test]
fn a_fault_at_every_operation() {
    let (running, left) = (Folder::new(), Folder::new());
    let mut tried = Tried::default();
    for seed in 0..seeds(3) {
        let mut random = Seeded(1_000_000 + seed);
        let mut steps = Vec::new();
        let mut stored = None;
        for _ in 0..3 + random.below(6) {
            let step = Step::any(&mut random, &stored);
            stored = step.after(&stored);
            steps.push(step);
        }
        // Chance alone may leave nothing to delete.
        if seed % 3 == 0 {
            steps.extend([Step::Home(2), Step::Home(3), Step::Delete, Step::Home(4)]);
        }
        tried.sequences += 1;
        for (at, fault) in (0..).flat_map(|at| FAULTS.map(|fault| (at, fault))) {
            running.fill(&Image::new());
            let watch = Watch::new(running.path(), Model::default()).with_fault(at, fault);
            let what = format!("seed {seed}, {fault:?} at operation {at}");
            let ((), watch) = watch
                .during(|| with_a_fault(&running, &steps, &mut random, &left, &what, &mut tried));
            let Some(op) = watch.failed else { break };
            tried.faults += 1;
            tried.ops.insert(op);
        }
    }
    // Twenty operations of each sequence, and each of them in every way.
    let least = Tried {
        sequences: 1,
        calls: 500,
        power_cuts: 1_000,
        faults: 20 * FAULTS.len(),
        ops: WRITING.into_iter().chain(["open", "read", "look", "remove"]).collect(),
        ..Tried::default()
    };
    tried.is_enough(seeds(3), &least);
}

/// Whether the fault has happened, and which operation it was.
fn failed() -> Option<&'static str> {
    faults::with(|watch| watch.failed).flatten()
}

fn with_a_fault(
    running: &Folder,
    steps: &[Step],
    random: &mut Seeded,
    left: &Folder,
    what: &str,
    tried: &mut Tried,
) {
    let mut history = History::of(None);
    let mut handle = running.open();
    for (number, step) in steps.iter().enumerate() {
        let what = format!("{what}, call {number}, {step:?}");
        let before = failed();
        history.begin(step);
        tried.calls += 1;
        let result = step.make(&handle);
        let now = failed().filter(|_| before.is_none());
        // Nothing returns from a process that has ended.
        let ended = faults::with(Watch::go_on) == Some(true);
        if ended {
            handle = running.open();
        }
        match (result, now) {
            (Ok(()), _) if !ended => history.returned(step),
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
                // Last comes the mark, of a process that ends there too.
                let may_have = op == "sync the folder" || (ended && op == "write");
                if !may_have && !matches!(step, Step::Delete) {
                    assert!(history.now() == &found, "{what} ({op}) took effect");
                }
                if !ended && op != "remove" {
                    let names = running.names();
                    let left = names.iter().any(|name| name.ends_with(".tmp"));
                    assert!(!left, "{what} ({op}) leaves {names:?}");
                }
                history.states.push(found);
                history.next = history.now().clone();
                // The next call works, the same one too.
                if random.below(2) == 0 {
                    history.begin(step);
                    step.make(&handle)
                        .unwrap_or_else(|error| panic!("{what} ({op}), again: {error}"));
                    history.returned(step);
                }
            }
        }
        // This may be what fails.
        let before = failed();
        match handle.load() {
            Ok(loaded) => assert!(loaded.map(normal) == *history.now(), "{what}: another session"),
            Err(error) => {
                assert!(before.is_none() && failed().is_some(), "{what}, loaded: {error}");
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
