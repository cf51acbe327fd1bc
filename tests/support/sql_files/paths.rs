//! Where a file is, and which session in it.

use super::{FileBackend, folder};
use crate::child::{child, is_child};
use crate::sessions::{full, normal};
use std::fs;
#[cfg(unix)]
use std::io;
use std::path::Path;

/// The engines know names that are no paths: addresses, memory, parameters.
pub fn a_path_is_taken_as_it_is<B: FileBackend>() {
    let folder = folder();
    let names = [
        "a b.db",
        "q?mode=memory",
        "h#x.db",
        "p%41.db",
        "file:x.db",
        "file::memory:?cache=shared",
        ":memory:x",
        "http:x",
        "-x",
        " ",
        "line\nfeed",
        "a'b\"c",
        "\u{1f600}",
        "x.db-wal",
    ];
    let mut paths: Vec<_> = names.map(|name| folder.path().join(name)).into();
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        let path = folder.path().join(std::ffi::OsStr::from_bytes(b"not\xffutf8.db"));
        if cfg!(feature = "libsql") {
            // libSQL cannot open it, and says so.
            let error = B::at(&path).save(&full(1)).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{error}");
            assert!(B::at(&path).load().unwrap().is_none() && !path.exists());
            fs::remove_file(path.with_extension("db.lock")).unwrap();
        } else {
            paths.push(path);
        }
    }
    for (nth, path) in paths.iter().enumerate() {
        B::at(path).save(&full(nth as i64)).unwrap();
        assert!(fs::metadata(path).unwrap().len() > 0, "{path:?}");
    }
    for (nth, path) in paths.iter().enumerate() {
        assert_eq!(
            B::at(path).load().unwrap().map(normal),
            Some(normal(full(nth as i64))),
            "{path:?}"
        );
    }
    // Each has its lock, and nothing else is there.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2 * paths.len());
}

/// A program that goes to another folder (as one does that detaches itself) does
/// not leave its login behind.
pub fn a_path_stays_where_it_was_when_the_program_goes_elsewhere<B: FileBackend>() {
    const NAME: &str = "a_path_stays_where_it_was_when_the_program_goes_elsewhere";
    if !is_child() {
        return child(NAME, "", |_| {});
    }
    let (one, other) = (folder(), folder());
    std::env::set_current_dir(one.path()).unwrap();
    let (used, unused) = (B::at(Path::new("s.db")), B::at(Path::new("s.db")));
    assert_eq!(used.name(), "s.db");
    used.save(&full(3)).unwrap();
    std::env::set_current_dir(other.path()).unwrap();
    for backend in [&used, &unused] {
        assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(3))));
        backend.set_home_dc(4).unwrap();
        backend.set_home_dc(2).unwrap();
    }
    assert_eq!(fs::read_dir(other.path()).unwrap().count(), 0);
    assert_eq!(B::at(Path::new("s.db")).load().unwrap(), None, "given here");
}

/// Names of sessions are bytes to us, whatever a file system or a collation would
/// make of them.
pub fn every_name_is_a_session_of_its_own<B: FileBackend>() {
    let folder = folder();
    let backend = B::at(&folder.path().join("s.db"));
    let long = "n".repeat(300);
    let mut names = [
        " x ", "%41", ".", "..", "A", "Bot", "a\0b", "a/b", "bot", &long, "u\u{308}", "x", "\u{fc}",
    ];
    for (nth, name) in names.iter().enumerate() {
        backend.other(name).save(&full(nth as i64)).unwrap();
    }
    names.sort_unstable();
    assert_eq!(backend.names(), names);
    for (nth, name) in names.iter().enumerate() {
        if nth % 2 == 0 {
            backend.other(name).delete().unwrap();
        }
    }
    let left: Vec<_> = names.iter().skip(1).step_by(2).copied().collect();
    assert_eq!(backend.names(), left);
    for name in names {
        let there = backend.other(name).load().unwrap().is_some();
        assert_eq!(there, left.contains(&name), "{name:?}");
    }
}
