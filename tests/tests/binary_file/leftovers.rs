//! What a crash left goes, and what is deleted is nowhere.

use super::{beside, folder, names};
use ferogram_session::{BinaryFileBackend, PersistedSession, SessionBackend};
use ferogram_session_tests::sessions::full;
use std::fs::{self, File};

#[test]
fn leftovers_of_a_crash_are_cleared_away() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let leftover = beside(&path, ".0123456789abcdef0123456789abcdef.tmp");
    let others = beside(&path, ".backup.tmp");
    fs::write(&leftover, b"half a key").unwrap();
    fs::write(&others, b"not ours").unwrap();
    BinaryFileBackend::new(&path).save(&full(1)).unwrap();
    assert!(!leftover.exists() && others.exists());
}

/// A process that ends between the two renames of a rewrite leaves one file
/// under both names, and a rename to another name of the same file does nothing.
#[test]
fn a_session_that_is_its_own_previous_generation_leaves_no_stray_name() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let backend = BinaryFileBackend::new(&path);
    backend.save(&full(1)).unwrap();
    fs::hard_link(&path, beside(&path, ".prev")).unwrap();
    backend.set_home_dc(4).unwrap();
    assert_eq!(names(folder.path()), ["bot.session", "bot.session.lock", "bot.session.prev"]);
    let previous = PersistedSession::load(&beside(&path, ".prev")).unwrap();
    assert_eq!(previous.home_dc_id, 2);
}

/// Of a process that ended a moment ago, by a clock that may be wrong.
#[test]
fn a_deleted_session_is_in_no_leftover_however_young() {
    let (now, day) = (std::time::SystemTime::now(), std::time::Duration::from_secs(86_400));
    for at in [now, now + day, now - day] {
        for saved in [true, false] {
            let folder = folder();
            let path = folder.path().join("bot.session");
            let backend = BinaryFileBackend::new(&path);
            if saved {
                backend.save(&full(1)).unwrap();
            }
            let leftover = beside(&path, ".0123456789abcdef0123456789abcdef.new");
            fs::write(&leftover, full(1).to_bytes()).unwrap();
            File::options().write(true).open(&leftover).unwrap().set_modified(at).unwrap();
            backend.delete().unwrap();
            assert!(!leftover.exists(), "{at:?}, {saved}");
            assert_eq!(backend.load().unwrap(), None);
        }
    }
}

#[test]
fn deleting_nothing_is_no_error_and_leaves_nothing() {
    let folder = folder();
    BinaryFileBackend::new(folder.path().join("bot.session")).delete().unwrap();
    BinaryFileBackend::new(folder.path().join("missing/bot.session")).delete().unwrap();
    assert!(names(folder.path()).is_empty());
    assert!(BinaryFileBackend::new("").save(&full(1)).is_err());
}
