//! `recover()` is stopped.

use super::history::normal;
use super::{Folder, SESSION, image_of};
use crate::SessionBackend;
use crate::backends::faults::{Image, Model, Watch};
use crate::data::PersistedSession;
use crate::fuzzing::{made, source::Source};
use crate::random::Seeded;
use std::io::ErrorKind;

/// Wherever `recover()` stops, what is left is as damaged as before or mended,
/// never no session, and it can be called again.
#[test]
fn a_crash_or_a_power_cut_at_every_operation_of_recover() {
    let (running, left) = (Folder::new(), Folder::new());
    let backend = running.open();
    let session = made::session(&mut Source::new(&Seeded(5).bytes(600)));
    backend.save(&PersistedSession { home_dc_id: 2, ..session }).unwrap();
    backend.set_home_dc(3).unwrap();
    let before = image_of(&running);
    let whole = before[SESSION].clone();
    let half = whole[..whole.len() / 2].to_vec();
    // The last is a file that is gone.
    let damages = [Some(Vec::new()), Some(half), Some(b"SQLite format 3".to_vec()), None];
    let mut random = Seeded(9);
    for (number, damage) in damages.into_iter().enumerate() {
        let mut image = before.clone();
        match damage {
            Some(bytes) => drop(image.insert(SESSION.to_owned(), bytes)),
            None => drop(image.remove(SESSION)),
        }
        running.fill(&image);
        let watch = Watch::new(running.path(), Model::of(&image)).with_stops();
        let (recovered, watch) = watch.during(|| running.open().recover());
        let recovered = normal(recovered.unwrap());
        let mended = |image: &Image, what: &str| {
            left.fill(image);
            let again = match left.open().load() {
                Ok(loaded) => loaded.unwrap_or_else(|| panic!("damage {number}: none {what}")),
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::InvalidData, "{error}");
                    assert!(what != "at the end", "damage {number} {what}: {error}");
                    left.quickly(|| left.open().recover()).unwrap()
                }
            };
            assert!(normal(again) == recovered, "damage {number} {what}");
        };
        for stop in watch.stops.unwrap() {
            mended(&stop.model.live(), "after a stop");
            (0..40).for_each(|_| {
                mended(&stop.model.cut(&mut |end| random.below(end)), "after a power cut")
            });
        }
        (0..40).for_each(|_| mended(&watch.model.cut(&mut |end| random.below(end)), "at the end"));
    }
}
