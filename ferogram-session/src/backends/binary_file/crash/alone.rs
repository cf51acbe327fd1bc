//! `PersistedSession::save`, without a backend.

use super::history::normal;
use super::{Folder, REPLACING, SESSION, Tried, at_every_operation, image_of};
use crate::backends::faults::{Model, Watch};
use crate::data::PersistedSession;
use crate::fuzzing::{made, source::Source};
use crate::random::Seeded;

fn session(seed: u64) -> PersistedSession {
    normal(made::session(&mut Source::new(&Seeded(seed).bytes(600))))
}

/// The one before or the new one, whole; when it has returned, the new one.
/// With a lock beside it, which a backend has left, and without.
#[test]
fn a_crash_a_power_cut_or_a_fault_at_every_operation_of_a_save() {
    let (running, left) = (Folder::new(), Folder::new());
    let path = running.path().join(SESSION);
    let (old, new) = (session(1), session(2));
    let mut random = Seeded(3);
    let mut tried = Tried::default();
    let load = |folder: &Folder| PersistedSession::load(&folder.path().join(SESSION)).map(normal);
    for locked in [false, true] {
        running.fill(&Default::default());
        old.save(&path).unwrap();
        if locked {
            std::fs::write(running.path().join("bot.session.lock"), "1\n").unwrap();
        }
        let before = image_of(&running);
        let watch = Watch::new(running.path(), Model::of(&before)).with_stops();
        let (saved, watch) = watch.during(|| new.save(&path));
        saved.unwrap();
        let mut look = |model: &Model, op: &str, allowed: &[&PersistedSession]| {
            let cuts = (0..40).map(|_| model.cut(&mut |end| random.below(end)));
            for image in [model.live()].into_iter().chain(cuts) {
                left.fill(&image);
                let found = load(&left).unwrap_or_else(|error| panic!("before {op}: {error}"));
                assert!(allowed.contains(&&found), "before {op}: another session");
            }
        };
        for stop in watch.stops.unwrap() {
            tried.stops += 1;
            tried.ops.insert(stop.op);
            look(&stop.model, stop.op, &[&old, &new]);
        }
        look(&watch.model, "nothing more", &[&new]);

        at_every_operation(|at, fault| {
            running.fill(&before);
            let watch = Watch::new(running.path(), Model::of(&before)).with_fault(at, fault);
            let (saved, mut watch) = watch.during(|| new.save(&path));
            let op = *watch.failed.last()?;
            tried.faults += 1;
            tried.ops.extend(&watch.failed);
            let ended = watch.go_on();
            let what = format!("{fault:?} at operation {at}, {op}");
            // Not past somebody else, because a look did not show the lock.
            assert!(!locked || saved.is_err() || watch.locked, "{what}: saved without the lock");
            let found = load(&running).unwrap_or_else(|error| panic!("{what}: {error}"));
            let is_done = watch.changed && (ended || op == "sync the folder");
            let is_new = saved.is_ok() || is_done;
            assert!(found == if is_new { &new } else { &old }.clone(), "{what}");
            if !ended && op != "remove" {
                assert_eq!(image_of(&running).len(), before.len(), "{what}: {:?}", running.names());
            }
            // The next one works.
            running.quickly(|| new.save(&path)).unwrap();
            assert!(load(&running).unwrap() == new, "{what}");
            watch.failed.first().copied()
        });
    }
    let least = Tried {
        stops: 10,
        faults: 100,
        ops: ["half a write", "look", "lock"].into_iter().chain(REPLACING).collect(),
        ..Tried::default()
    };
    tried.is_enough(1, &least);
}
