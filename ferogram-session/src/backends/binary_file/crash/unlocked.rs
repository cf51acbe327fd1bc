//! Somebody removes the lock file while it is held, and another writer comes
//! with a new one. What either was told is stored, whichever came first.

use super::history::{Step, Stored, normal};
use super::{Folder, SESSION, image_of};
use crate::SessionBackend;
use crate::backends::faults::{Model, Watch};
use crate::data::{DcEntry, PersistedSession};
use crate::{BinaryFileBackend, DcFlags};
use std::fs;
use std::sync::{Arc, OnceLock};

fn peer(id: i64) -> Step {
    Step::Peer(super::peer(id))
}

fn key(number: u8) -> Step {
    let dc = DcEntry::from_parts(number.into(), "127.0.0.1", 443, DcFlags::NONE);
    Step::Dc(Box::new(DcEntry { auth_key: Some([number; 256]), ..dc }))
}

fn start(folder: &Folder) -> Stored {
    let session = PersistedSession { home_dc_id: 2, ..Default::default() };
    folder.open().save(&session).unwrap();
    peer(1).make(&folder.open()).unwrap();
    folder.open().load().unwrap().map(normal)
}

/// Makes `first`, and at its operation number `at` the other one, without the
/// lock. Returns what was stored before and is now; nothing if there is no such
/// operation.
fn meet(
    first: &Step,
    second: &Step,
    at: usize,
    new: bool,
    fresh: bool,
) -> Option<(Stored, Stored, &'static str)> {
    let folder = Folder::new();
    let before = if new { None } else { start(&folder) };
    let backend = folder.open();
    if !fresh {
        // The file stays open from here on.
        folder.quickly(|| Step::Checkpoint.make(&backend)).unwrap();
    }
    let (path, other) = (folder.path().to_owned(), second.clone());
    let meddle = move || {
        let _ = fs::remove_file(path.join("bot.session.lock"));
        other.make(&BinaryFileBackend::new(path.join(SESSION))).unwrap();
    };
    let watch = Watch::new(folder.path(), Model::default()).with_meddling(at, SESSION, meddle);
    let (made, watch) = watch.during(|| first.make(&backend));
    made.unwrap();
    let op = watch.met?;
    Some((before, folder.open().load().unwrap().map(normal), op))
}

#[test]
fn a_lock_file_that_is_removed_in_use_costs_no_call() {
    let saved = Box::new(PersistedSession { home_dc_id: 4, ..Default::default() });
    let (save, put) = (Step::Save(saved.clone()), Step::Put(saved));
    let firsts = [peer(7), key(3), save, put, Step::Checkpoint, Step::Delete];
    let mut met = 0;
    for first in &firsts {
        for (second, new, fresh) in [peer(8), key(5)].iter().flat_map(|second| {
            [(second, true, true), (second, false, true), (second, false, false)]
        }) {
            for at in 0.. {
                let Some((before, now, op)) = meet(first, second, at, new, fresh) else { break };
                met += 1;
                let orders =
                    [second.after(&first.after(&before)), first.after(&second.after(&before))];
                assert!(
                    orders.contains(&now),
                    "{first:?}, and {second:?} before operation {at}, {op} (new: {new}, fresh: {fresh}): {now:?}"
                );
            }
        }
    }
    assert!(met > 200, "{met}");
}

/// What was mended once is whole, and is not refused for that.
#[test]
fn a_lock_file_that_is_removed_in_use_costs_no_recovery() {
    let folder = Folder::new();
    let before = start(&folder);
    Step::Home(3).make(&folder.open()).unwrap();
    let mut image = image_of(&folder);
    image.get_mut(SESSION).unwrap()[5] ^= 1;
    let (mut refused, mut wrote) = (0, 0);
    for at in 0.. {
        folder.fill(&image);
        let path = folder.path().to_owned();
        let other = Arc::new(OnceLock::new());
        let met = Arc::clone(&other);
        let meddle = move || {
            fs::remove_file(path.join("bot.session.lock")).unwrap();
            let made = Step::Home(5).make(&BinaryFileBackend::new(path.join(SESSION)));
            met.set(made.is_ok()).unwrap();
        };
        let watch = Watch::new(folder.path(), Model::default()).with_meddling(at, SESSION, meddle);
        let (recovered, watch) = watch.during(|| folder.open().recover());
        let Some(op) = watch.met else { break };
        let recovered = recovered.unwrap_or_else(|error| panic!("operation {at}, {op}: {error}"));
        assert!(Some(normal(recovered)) == before, "operation {at}, {op}");
        let mut expected = before.clone();
        if *other.get().unwrap() {
            wrote += 1;
            expected = Step::Home(5).after(&before);
        } else {
            refused += 1;
        }
        assert!(folder.open().load().unwrap().map(normal) == expected, "operation {at}, {op}");
    }
    assert!(refused > 5 && wrote > 0, "{refused} refused, {wrote} wrote");
}
