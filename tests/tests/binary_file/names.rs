//! Links, and what stands beside a file.

use super::{folder, names};
use ferogram_session::{BinaryFileBackend, SessionBackend, SessionError};
use ferogram_session_tests::sessions::{full, normal, user};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::fs::symlink;
use std::time::{Duration, SystemTime};

#[test]
fn a_symbolic_link_stays_one() {
    let folder = folder();
    fs::create_dir(folder.path().join("real")).unwrap();
    let (link, far) = (folder.path().join("bot.session"), folder.path().join("far.session"));
    symlink("far.session", &link).unwrap();
    symlink("real/target", &far).unwrap();
    let backend = BinaryFileBackend::new(&link);
    assert!(backend.load().unwrap().is_none(), "a link to nothing yet");
    backend.save(&full(1)).unwrap();
    backend.set_home_dc(5).unwrap();
    assert!(link.is_symlink() && far.is_symlink());
    assert_eq!(names(&folder.path().join("real")), ["target", "target.lock", "target.prev"]);
    assert_eq!(BinaryFileBackend::new(&link).load().unwrap().unwrap().home_dc_id, 5);
    backend.delete().unwrap();
    assert!(link.is_symlink() && backend.load().unwrap().is_none());

    let circle = folder.path().join("circle");
    symlink("circle", &circle).unwrap();
    assert!(BinaryFileBackend::new(&circle).load().is_err());
}

#[test]
fn names_that_differ_in_the_extension_share_nothing() {
    let folder = folder();
    let one = BinaryFileBackend::new(folder.path().join("bot.session"));
    let two = BinaryFileBackend::new(folder.path().join("bot.dat"));
    one.set_home_dc(1).unwrap();
    two.set_home_dc(2).unwrap();
    one.set_home_dc(3).unwrap();
    one.delete().unwrap();
    assert_eq!(two.load().unwrap().unwrap().home_dc_id, 2);
}

/// A session that moved to another volume, which is not there.
#[test]
fn a_link_to_what_is_not_mounted_is_no_absent_session() {
    let folder = folder();
    let (link, volume) = (folder.path().join("bot.session"), folder.path().join("volume"));
    symlink(volume.join("bot.session"), &link).unwrap();
    let backend = BinaryFileBackend::new(&link);
    for error in [backend.load().map(drop), backend.save(&full(1)), backend.delete()] {
        let error = error.unwrap_err();
        assert!(error.to_string().contains("volume"), "{error}");
    }
    fs::create_dir(&volume).unwrap();
    assert!(backend.load().unwrap().is_none());
    backend.save(&full(1)).unwrap();
    assert!(backend.load().unwrap().is_some());
}

/// The file that was there before the link has left its previous generation.
#[test]
fn what_was_kept_beside_a_link_shows_that_there_was_a_session() {
    let folder = folder();
    let (link, volume) = (folder.path().join("bot.session"), folder.path().join("volume"));
    let backend = BinaryFileBackend::new(&link);
    backend.save(&full(1)).unwrap();
    backend.set_home_dc(4).unwrap();
    fs::remove_file(&link).unwrap();
    fs::create_dir(&volume).unwrap();
    symlink(volume.join("bot.session"), &link).unwrap();
    let backend = BinaryFileBackend::new(&link);
    assert_eq!(backend.load().unwrap_err().kind(), ErrorKind::InvalidData);
    assert!(backend.save(&full(3)).is_err());
    assert_eq!(normal(backend.recover().unwrap()), normal(full(1)));
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(1))));

    backend.delete().unwrap();
    assert!(backend.load().unwrap().is_none());
    assert_eq!(names(folder.path()), ["bot.session", "bot.session.lock", "volume"]);
    assert_eq!(names(&volume), ["bot.session.lock"]);
}

/// What stands in it is not read again as long as the file is unchanged.
#[test]
fn what_others_write_into_the_lock_is_seen() {
    let folder = folder();
    let lock = folder.path().join("bot.session.lock");
    let backend = BinaryFileBackend::new(folder.path().join("bot.session"));
    let ours = format!("{}\n", std::process::id());
    let call = |id| backend.cache_peer(&user(id, 1));
    call(1).unwrap();
    let past = SystemTime::now() - Duration::from_secs(3_600);
    File::options().write(true).open(&lock).unwrap().set_modified(past).unwrap();
    call(2).unwrap();
    call(3).unwrap();
    assert_eq!(fs::metadata(&lock).unwrap().modified().unwrap(), past, "not written again");

    fs::write(&lock, "1\n").unwrap();
    call(4).unwrap();
    assert_eq!(fs::read_to_string(&lock).unwrap(), ours);
    fs::write(&lock, "notes of somebody").unwrap();
    let error = call(5).unwrap_err();
    assert!(matches!(SessionError::of(&error), Some(SessionError::Config(_))), "{error}");
    assert_eq!(fs::read_to_string(&lock).unwrap(), "notes of somebody");
}

/// Whoever has that name by chance, or a link under it, keeps what is in it.
#[test]
fn what_is_no_lock_of_ours_is_not_written_over() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let lock = folder.path().join("bot.session.lock");
    let other = folder.path().join("other.session");
    BinaryFileBackend::new(&other).save(&full(2)).unwrap();
    let bytes = fs::read(&other).unwrap();
    let refused = || {
        let error = BinaryFileBackend::new(&path).save(&full(1)).unwrap_err();
        assert!(matches!(SessionError::of(&error), Some(SessionError::Config(_))), "{error}");
        assert!(error.to_string().contains("bot.session.lock"), "{error}");
        assert_eq!(fs::read(&other).unwrap(), bytes);
        assert!(!path.exists());
        fs::remove_file(&lock).unwrap();
    };
    symlink(&other, &lock).unwrap();
    refused();
    fs::hard_link(&other, &lock).unwrap();
    refused();
    BinaryFileBackend::new(&lock).save(&full(3)).unwrap();
    refused();
    BinaryFileBackend::new(&path).save(&full(1)).unwrap();
}
