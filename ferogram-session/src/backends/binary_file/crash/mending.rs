//! `recover()` is stopped, or fails.

use super::history::normal;
use super::{Folder, REPLACING, SESSION, Tried, at_every_operation, image_of};
use crate::backends::faults::{Image, Model, Watch};
use crate::data::PersistedSession;
use crate::fuzzing::{made, source::Source};
use crate::random::Seeded;
use crate::{SessionBackend, SessionError};
use std::io::ErrorKind;

const PREVIOUS: &str = "bot.session.prev";
const DAMAGED: &str = "bot.session.damaged";

/// A session with a generation before it, and what may have happened to it.
fn damages() -> Vec<(&'static str, Image)> {
    let folder = Folder::new();
    let backend = folder.open();
    let session = made::session(&mut Source::new(&Seeded(5).bytes(600)));
    backend.save(&PersistedSession { home_dc_id: 2, ..session }).unwrap();
    backend.set_home_dc(3).unwrap();
    let before = image_of(&folder);
    let whole = before[SESSION].clone();
    let with = |bytes: &[u8]| {
        let mut image = before.clone();
        image.insert(SESSION.to_owned(), bytes.to_vec());
        image
    };
    let mut flipped = whole.clone();
    flipped[whole.len() / 3] ^= 4;
    let mut gone = before.clone();
    gone.remove(SESSION);
    vec![
        ("emptied", with(&[])),
        ("cut in half", with(&whole[..whole.len() / 2])),
        ("something else", with(b"SQLite format 3")),
        ("a flipped bit", with(&flipped)),
        ("a frame that is damaged before a mark", with(&damaged_journal(&folder))),
        ("gone", gone),
    ]
}

/// Of which the base is whole, so that it is mended from itself.
fn damaged_journal(folder: &Folder) -> Vec<u8> {
    let backend = folder.open();
    let end = || image_of(folder)[SESSION].len();
    let peer = |id| made::peer(&mut Source::new(&[0, id]));
    backend.cache_peer(&peer(1)).unwrap();
    backend.cache_peer(&peer(2)).unwrap();
    let at = end() - 1;
    backend.checkpoint().unwrap();
    let mut bytes = image_of(folder)[SESSION].clone();
    bytes[at] ^= 1;
    bytes
}

/// What is left is as damaged as before or mended, never no session, and
/// `recover()` can be called again.
fn mended(folder: &Folder, recovered: &PersistedSession, done: bool, what: &dyn Fn() -> String) {
    let again = match folder.open().load() {
        Ok(loaded) => loaded.unwrap_or_else(|| panic!("{}: none", what())),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidData, "{}: {error}", what());
            assert!(!done, "{}: {error}", what());
            folder
                .quickly(|| folder.open().recover())
                .unwrap_or_else(|error| panic!("{}, again: {error}", what()))
        }
    };
    assert!(normal(again) == *recovered, "{}: another session", what());
    assert!(folder.open().load().unwrap().map(normal).as_ref() == Some(recovered), "{}", what());
}

/// Wherever `recover()` stops.
#[test]
fn a_crash_or_a_power_cut_at_every_operation_of_recover() {
    let (running, left) = (Folder::new(), Folder::new());
    let mut random = Seeded(9);
    let mut tried = Tried::default();
    for (damage, image) in damages() {
        running.fill(&image);
        let watch = Watch::new(running.path(), Model::of(&image)).with_stops();
        let (recovered, watch) = watch.during(|| running.open().recover());
        let recovered = normal(recovered.unwrap());
        tried.sequences += 1;
        let look = |image: &Image, when: &str| {
            left.fill(image);
            mended(&left, &recovered, when == "at the end", &|| format!("{damage}, {when}"));
        };
        for stop in watch.stops.unwrap() {
            tried.stops += 1;
            tried.ops.insert(stop.op);
            look(&stop.model.live(), "after a stop");
            for _ in 0..40 {
                tried.power_cuts += 1;
                look(&stop.model.cut(&mut |end| random.below(end)), "after a power cut");
            }
        }
        (0..40).for_each(|_| look(&watch.model.cut(&mut |end| random.below(end)), "at the end"));
    }
    let least = Tried {
        sequences: 6,
        stops: 60,
        power_cuts: 2_000,
        ops: REPLACING.into(),
        ..Tried::default()
    };
    tried.is_enough(1, &least);
}

/// Each operation of `recover()` fails in each way. The damaged bytes and the
/// generation before them are still there, and the next attempt works.
#[test]
fn a_fault_at_every_operation_of_recover() {
    let folder = Folder::new();
    let mut tried = Tried::default();
    for (damage, image) in damages() {
        folder.fill(&image);
        let recovered = normal(folder.quickly(|| folder.open().recover()).unwrap());
        tried.sequences += 1;
        at_every_operation(|at, fault| {
            folder.fill(&image);
            let handle = folder.open();
            let watch = Watch::new(folder.path(), Model::of(&image)).with_fault(at, fault);
            let (result, mut watch) = watch.during(|| handle.recover());
            let Some(&op) = watch.failed.last() else {
                assert!(result.is_ok_and(|session| normal(session) == recovered), "{damage}");
                return None;
            };
            tried.faults += 1;
            tried.ops.extend(&watch.failed);
            let what = || format!("{damage}, {fault:?} at operation {at}, {op}");
            let ended = watch.go_on();
            let now = image_of(&folder);
            assert_eq!(now.get(PREVIOUS), image.get(PREVIOUS), "{}", what());
            if let Some(bytes) = image.get(SESSION) {
                let kept = [SESSION, DAMAGED].map(|name| now.get(name) == Some(bytes));
                assert!(kept.contains(&true), "{}: the damaged file is gone", what());
            }
            if let Ok(session) = result {
                assert!(!ended && normal(session) == recovered, "{}", what());
            } else if !ended {
                let left = folder.names();
                assert!(
                    op == "remove" || !left.iter().any(|name| name.ends_with(".tmp")),
                    "{left:?}"
                );
                // The same handle goes on, too.
                match folder.quickly(|| handle.recover()) {
                    Ok(session) => assert!(normal(session) == recovered, "{}", what()),
                    // All of it was done but for making it durable.
                    Err(error) => assert!(is_whole(&error), "{}: {error}", what()),
                }
            }
            mended(&folder, &recovered, false, &what);
            watch.failed.first().copied()
        });
    }
    let least = Tried {
        sequences: 6,
        faults: 600,
        ops: ["look", "read", "lock", "truncate"].into_iter().chain(REPLACING).collect(),
        ..Tried::default()
    };
    tried.is_enough(1, &least);
}

/// What `recover()` says of a file that needs none.
pub(super) fn is_whole(error: &std::io::Error) -> bool {
    matches!(SessionError::of(error), Some(SessionError::Config(_)))
        && error.to_string().contains("nothing to recover")
}

#[test]
fn recover_of_what_was_recovered_changes_nothing() {
    let folder = Folder::new();
    for (damage, image) in damages() {
        folder.fill(&image);
        folder.quickly(|| folder.open().recover()).unwrap();
        let once = image_of(&folder);
        for _ in 0..2 {
            let error = folder.quickly(|| folder.open().recover()).unwrap_err();
            assert!(is_whole(&error), "{damage}: {error}");
        }
        assert!(image_of(&folder) == once, "{damage}");
    }
}
