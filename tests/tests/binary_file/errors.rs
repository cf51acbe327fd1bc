//! What cannot be read or written is an error that says so.

use super::{beside, folder};
use ferogram_session::{BinaryFileBackend, PersistedSession, SessionBackend};
use ferogram_session_tests::child::child;
use ferogram_session_tests::sessions::{full, normal};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::fd::AsRawFd;
use std::process::Command;

#[test]
fn what_cannot_be_read_is_that_error_and_never_no_session() {
    let folder = folder();
    let as_folder = folder.path().join("folder");
    fs::create_dir(&as_folder).unwrap();
    let backend = BinaryFileBackend::new(&as_folder);
    assert_eq!(backend.load().unwrap_err().kind(), ErrorKind::IsADirectory);
    assert!(backend.save(&full(1)).is_err());
    assert!(as_folder.is_dir());

    let nowhere = BinaryFileBackend::new(folder.path().join("missing/bot.session"));
    assert!(nowhere.load().unwrap().is_none(), "nothing was ever saved");
    let error = nowhere.save(&full(1)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("create the folder"), "{error}");
}

#[test]
fn a_file_larger_than_any_session_is_damage_and_asks_for_no_memory() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    // Sparse: takes no room.
    File::create(&path).unwrap().set_len(1 << 40).unwrap();
    let backend = BinaryFileBackend::new(&path);
    for error in [backend.load().map(drop).unwrap_err(), backend.set_home_dc(1).unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::InvalidData, "{error}");
        assert!(error.to_string().contains("larger than any session"), "{error}");
    }
}

#[test]
fn too_many_open_files_is_that_error() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    BinaryFileBackend::new(&path).save(&full(1)).unwrap();
    // Descriptors are counted for each process, so this needs one of its own.
    if std::env::var_os("SESSION_TEST_EXHAUST").is_none() {
        child("binary_file::errors::too_many_open_files_is_that_error", "", |command| {
            command.env("SESSION_TEST_EXHAUST", "1");
        });
        return;
    }
    let backend = BinaryFileBackend::new(&path);
    let mut hoard = Vec::new();
    while let Ok(file) = File::open("/dev/null") {
        hoard.push(file);
    }
    let load = backend.load();
    let save = backend.save(&full(3));
    drop(hoard);
    for error in [load.map(drop).unwrap_err(), save.unwrap_err()] {
        assert_eq!(error.raw_os_error().or(Some(24)), Some(24), "{error}");
        assert!(error.to_string().contains("Too many open files"), "{error}");
    }
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(1))));
    backend.save(&full(3)).unwrap();
}

#[test]
fn a_checkpoint_in_a_folder_that_is_gone_is_that_error() {
    let folder = folder();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let backend = BinaryFileBackend::new(inner.join("bot.session"));
    backend.save(&full(1)).unwrap();
    fs::remove_dir_all(&inner).unwrap();
    let error = backend.checkpoint().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    assert!(error.to_string().contains("create the folder"), "{error}");
}

/// A folder that was removed under a program which is still in it can be looked at.
#[test]
fn that_nothing_can_be_made_in_a_folder_is_not_that_there_is_none() {
    let folder = folder();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let open = File::open(&inner).unwrap();
    let path = format!("/proc/self/fd/{}/bot.session", open.as_raw_fd());
    fs::remove_dir(&inner).unwrap();
    let missing = PersistedSession::load(&folder.path().join("bot.session")).unwrap_err();
    let made = [full(1).save(path.as_ref()), BinaryFileBackend::new(&path).save(&full(1))];
    for error in made.into_iter().map(Result::unwrap_err).chain([missing]) {
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
        let said = error.to_string();
        assert!(!said.contains("create the folder") && said.contains("is there"), "{said}");
    }
}

/// `recover()` of it must not read it either.
#[test]
fn what_is_no_regular_file_is_refused_and_stays() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let made = Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
    let backend = BinaryFileBackend::new(&path);
    for error in [
        backend.load().map(drop).unwrap_err(),
        backend.save(&full(1)).unwrap_err(),
        backend.recover().map(drop).unwrap_err(),
        backend.delete().unwrap_err(),
    ] {
        assert!(error.to_string().contains("not a regular file"), "{error}");
    }
    assert!(path.exists());
    let nothing = BinaryFileBackend::new("");
    assert!(nothing.load().is_err() && nothing.delete().is_err());
}

#[test]
fn an_error_says_which_file_and_which_call() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let backend = BinaryFileBackend::new(&path);
    backend.save(&full(1)).unwrap();
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let of = |call: &str| format!("binary-file: {call} session {path:?}: ");
    let damaged = backend.load().unwrap_err().to_string();
    assert!(damaged.starts_with(&of("load")), "{damaged}");
    assert_eq!(damaged.matches("bot.session").count(), 1, "{damaged}");
    for (error, call) in [
        (backend.save(&full(2)), "save"),
        (backend.set_home_dc(4), "set_home_dc"),
        (backend.checkpoint(), "checkpoint"),
    ] {
        let error = error.unwrap_err().to_string();
        assert!(error.starts_with(&of(call)), "{error}");
    }
    fs::write(&path, whole).unwrap();
    let error = backend.recover().unwrap_err().to_string();
    assert!(error.starts_with(&of("recover")), "{error}");
}

/// Help that fits, where a folder stands in the place of one of the files.
#[test]
fn a_folder_in_the_place_of_a_file_is_named() {
    for suffix in ["", ".lock", ".prev"] {
        let folder = folder();
        let path = folder.path().join("bot.session");
        let backend = BinaryFileBackend::new(&path);
        if suffix == ".prev" {
            backend.save(&full(1)).unwrap();
        }
        let taken = beside(&path, suffix);
        fs::create_dir(&taken).unwrap();
        let error = backend.set_home_dc(4).unwrap_err().to_string();
        assert!(error.contains(&taken.display().to_string()), "{error}");
        assert!(
            error.ends_with("a folder stands there: move it away, or name another file"),
            "{error}"
        );
    }
}
