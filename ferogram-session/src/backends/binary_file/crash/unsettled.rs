//! A process ends when the file has its name, and the folder is not synced: a
//! power cut may still bring the one before back. Whoever then says or is told
//! the same login must be able to rely on it.

use super::history::{Stored, normal};
use super::{Folder, SESSION, image_of};
use crate::backends::faults::{self, Fault, Image, Model, Watch};
use crate::data::{DcEntry, PersistedSession};
use crate::format::Journal;
use crate::random::Seeded;
use crate::{BinaryFileBackend, DcFlags, SessionBackend};
use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

type Call = fn(&BinaryFileBackend);

fn dc(key: u8, salt: i64) -> DcEntry {
    DcEntry {
        auth_key: Some([key; 256]),
        first_salt: salt,
        ..DcEntry::from_parts(2, "127.0.0.1", 443, DcFlags::NONE)
    }
}

fn key(stored: &Stored) -> Option<[u8; 256]> {
    stored.as_ref()?.dcs.first()?.auth_key
}

/// Stops `first` where the folder would be synced, makes `then` in another
/// process, and cuts the power in many ways. Returns what is then stored.
fn after(first: Call, left_by_first: fn(&Stored) -> bool, then: Call) -> Vec<Stored> {
    let (running, left) = (Folder::new(), Folder::new());
    running.fill(&Image::new());
    let start = PersistedSession { home_dc_id: 2, dcs: vec![dc(1, 0)], ..Default::default() };
    running.open().save(&start).unwrap();
    let before = image_of(&running);
    let mut stored = Vec::new();
    for at in 0.. {
        running.fill(&before);
        let watch = Watch::new(running.path(), Model::of(&before)).with_fault(at, Fault::Stop);
        let (went_on, watch) = watch.during(|| {
            first(&running.open());
            faults::with(Watch::go_on);
            let there = faults::aside(|| running.open().load().unwrap().map(normal));
            let synced = faults::with(|watch| watch.failed == ["sync the folder"]) == Some(true);
            if !synced || !left_by_first(&there) {
                return false;
            }
            then(&running.open());
            true
        });
        if watch.failed.is_empty() {
            break;
        }
        if went_on {
            let mut random = Seeded(at as u64);
            stored.extend((0..60).map(|_| {
                left.fill(&watch.model.cut(&mut |end| random.below(end)));
                left.open().load().unwrap().map(normal)
            }));
        }
    }
    assert!(!stored.is_empty(), "never stopped there");
    stored
}

#[test]
fn a_login_that_another_process_did_not_make_durable_is() {
    let calls: [(&str, Call); 6] = [
        ("load", |backend| drop(backend.load().unwrap())),
        ("the same key", |backend| backend.update_dc(&dc(9, 0)).unwrap()),
        ("the same key, with a salt", |backend| backend.update_dc(&dc(9, 7)).unwrap()),
        ("the same home", |backend| backend.set_home_dc(2).unwrap()),
        ("a save of the same", |backend| {
            let dcs = vec![dc(9, 0)];
            backend.save(&PersistedSession { home_dc_id: 2, dcs, ..Default::default() }).unwrap();
        }),
        ("checkpoint", |backend| backend.checkpoint().unwrap()),
    ];
    for (call, then) in calls {
        let first = |backend: &BinaryFileBackend| drop(backend.update_dc(&dc(9, 0)));
        let stored = after(first, |there| key(there) == Some([9; 256]), then);
        assert!(stored.iter().all(|stored| key(stored) == Some([9; 256])), "{call}: taken back");
    }
}

#[test]
fn a_deletion_that_another_process_did_not_make_durable_is() {
    let delete = |backend: &BinaryFileBackend| drop(backend.delete());
    let again = |backend: &BinaryFileBackend| backend.delete().unwrap();
    let stored = after(delete, Option::is_none, again);
    assert!(stored.iter().all(Option::is_none), "taken back");
}

type Attempt = fn(&BinaryFileBackend) -> std::io::Result<()>;

/// Calls after which the login of [`session`] is there, whatever happens.
const CALLS: [(&str, Attempt); 5] = [
    ("the same key", |backend| backend.update_dc(&dc(9, 0))),
    ("the same key, with a salt", |backend| backend.update_dc(&dc(9, 7))),
    ("the same home", |backend| backend.set_home_dc(2)),
    ("a save of the same", |backend| backend.save(&backend.load()?.unwrap())),
    ("checkpoint", BinaryFileBackend::checkpoint),
];

fn session() -> PersistedSession {
    PersistedSession { home_dc_id: 2, dcs: vec![dc(9, 0)], ..Default::default() }
}

/// The files are there, and nothing of them is on the disk yet.
fn copied(files: &Image) -> Model {
    let mut model = Model::default();
    for (name, bytes) in files {
        model.create(name);
        model.write(model.named(name).unwrap(), bytes, 0);
    }
    model
}

/// Nor that it is the first to ask, nor that somebody asked before.
#[test]
fn what_was_copied_there_and_does_not_say_that_it_is_durable_is_made_so() {
    let (running, left) = (Folder::new(), Folder::new());
    running.open().save(&session()).unwrap();
    let mut before = image_of(&running);
    let file = before.get_mut(SESSION).unwrap();
    // Who wrote it ended before it said that its name is durable.
    file.truncate(file.len() - Journal::MARK_LEN);
    for ((name, call), loads) in CALLS.iter().flat_map(|call| [(call, 0), (call, 1), (call, 2)]) {
        running.fill(&before);
        let backend = running.open();
        let ((), watch) = Watch::new(running.path(), copied(&before)).during(|| {
            for _ in 0..loads {
                backend.load().unwrap();
            }
            call(&backend).unwrap();
        });
        left.fill(&watch.model.cut(&mut |_| 0));
        let stored = left.open().load();
        let stored = stored.unwrap_or_else(|error| panic!("{name}, {loads} loads: {error}"));
        assert!(key(&stored.map(normal)) == Some([9; 256]), "{name}, {loads} loads: taken back");
    }
}

/// A copy of the same file over it, as `cp -p` makes it or by a rename, of which nothing is
/// on the disk: that what stood there before was made durable says nothing of it.
///
/// (A handle that has written takes the same bytes in the same file for its own.)
#[test]
fn what_is_copied_over_a_file_that_was_durable_is_made_so_again() {
    let (running, left) = (Folder::new(), Folder::new());
    running.open().save(&session()).unwrap();
    let whole = image_of(&running);
    let path = running.path().join(SESSION);
    let [by_writing, by_rename]: [fn(&Path, &[u8]); 2] = [
        |path, bytes| fs::write(path, bytes).unwrap(),
        |path, bytes| {
            let beside = path.with_extension("copy");
            fs::write(&beside, bytes).unwrap();
            fs::rename(beside, path).unwrap();
        },
    ];
    for (copy, marks) in [(by_writing, 0), (by_writing, 1), (by_rename, 0), (by_rename, 1)] {
        let mut before = whole.clone();
        let file = before.get_mut(SESSION).unwrap();
        file.truncate(file.len() - marks * Journal::MARK_LEN);
        for (name, call) in CALLS {
            running.fill(&before);
            let backend = running.open();
            assert!(backend.load().unwrap().is_some());
            backend.update_dc(&dc(9, 0)).unwrap();
            let written = fs::metadata(&path).unwrap().modified().unwrap();
            // Longer than a tick of the clock.
            std::thread::sleep(Duration::from_millis(20));
            copy(&path, &before[SESSION]);
            File::options().write(true).open(&path).unwrap().set_modified(written).unwrap();
            let watch = Watch::new(running.path(), copied(&before));
            let ((), watch) = watch.during(|| call(&backend).unwrap());
            left.fill(&watch.model.cut(&mut |_| 0));
            let stored = left.open().load();
            let stored = stored.unwrap_or_else(|error| panic!("{name}, {marks}: {error}"));
            assert!(key(&stored.map(normal)) == Some([9; 256]), "{name}, {marks}: taken back");
        }
    }
}

/// Of a file that `cp` put there. The system then takes it for written, whatever
/// the next sync says.
#[test]
fn a_sync_that_failed_is_not_made_up_for_by_the_next() {
    let (running, left) = (Folder::new(), Folder::new());
    running.open().save(&session()).unwrap();
    let before = image_of(&running);
    let mut synced = 0;
    for ((name, call), fresh) in CALLS.iter().flat_map(|call| [(call, false), (call, true)]) {
        for at in 0.. {
            running.fill(&before);
            let backend = running.open();
            let watch = Watch::new(running.path(), copied(&before)).with_fault(at, Fault::Disk);
            let ((), watch) = watch.during(|| {
                let _ = backend.load();
                let _ = call(&backend);
                let next = if fresh { running.open() } else { backend };
                // It may be this one that fails.
                call(&next).or_else(|_| call(&next)).unwrap();
            });
            let Some(op) = watch.failed.first() else { break };
            synced += usize::from(*op == "sync");
            left.fill(&watch.model.cut(&mut |_| 0));
            let stored = left.open().load();
            let stored = stored.unwrap_or_else(|error| panic!("{name}, {op} {at}: {error}"));
            assert!(key(&stored.map(normal)) == Some([9; 256]), "{name}, {op} {at}: taken back");
        }
    }
    assert!(synced >= 2 * CALLS.len(), "{synced} syncs failed");
}
