//! The file of a database, before SQLite opens it.

use crate::backends::disk;
use crate::backends::lock::LockFile;
use crate::backends::paths::{at, beside, folder};
use crate::error::SessionError;
use std::fs;
use std::io;
use std::path::Path;
use std::time::Instant;

/// What stands at the path of a database.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing, and nothing was ever there.
    Nothing,
    /// A database, or a file without a byte, which SQLite takes for one.
    Database,
}

/// Looks without opening anything.
///
/// SQLite takes an empty file, or none, for a new database, and throws away a
/// log that it finds beside it. But such a log may hold the only copy of a
/// login; and where our lock is, something was written, so the file was not
/// empty. A file of one byte is an empty one to it, too: it never wrote that.
pub(super) fn look(main: &Path) -> io::Result<Found> {
    let len = |path: &Path| match fs::metadata(path) {
        // A device or a pipe is nothing to open.
        Ok(metadata) if !metadata.is_file() => {
            let message = format!("{} is not a regular file", path.display());
            Err(SessionError::config(message).help("name the file of a database").into())
        }
        Ok(metadata) => Ok(Some(metadata.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(path, "look for", error)),
    };
    let log = beside(main, "-wal");
    let lock = beside(main, ".lock");
    let is_there = |path: &Path| path.try_exists().map_err(|error| at(path, "look for", error));
    // Others may be making the database while we look: the log, then, is there
    // after the database.
    let logged = len(&log)?.is_some_and(|len| len > 0);
    let written = logged || is_there(&lock)?;
    match len(main)? {
        None if logged => Err(gone(main, &format!("is gone, but {} is there", log.display()))),
        None => Ok(Found::Nothing),
        Some(0) if written => Err(gone(main, "is empty, but it was in use")),
        Some(1) => Err(gone(main, "is cut off after one byte")),
        Some(_) => Ok(Found::Database),
    }
}

fn gone(main: &Path, what: &str) -> io::Error {
    SessionError::corrupt(format!("{} {what}", main.display()))
        .help(
            "put the database back, with its -wal; to begin anew, remove it, its -wal and its .lock",
        )
        .into()
}

/// Makes the database if it is not there: aside, private from the first byte
/// on, by `make`; then it is put in its place. So nobody ever meets it empty.
///
/// A file that is there is not opened here: when a program closes a file, the
/// system takes all locks of that program off it, those of SQLite in another
/// connection included.
pub(super) fn create(
    main: &Path,
    lock: &mut LockFile,
    deadline: Instant,
    make: impl FnOnce(&Path) -> io::Result<()>,
) -> io::Result<()> {
    let _locked = lock.lock(main, deadline)?;
    if look(main)? == Found::Database {
        return Ok(());
    }
    let aside = beside(main, ".new");
    let files = || ["", "-wal", "-shm", "-journal"].map(|suffix| beside(&aside, suffix));
    let clear = || files().iter().try_for_each(|path| disk::remove(path));
    let failed = |error| at(main, "create", error);
    clear().map_err(failed)?;
    let file = disk::create_private(&aside).map_err(failed)?;
    disk::keep_owner(&file, main);
    drop(file);
    let made = make(&aside).and_then(|()| fs::rename(&aside, main).map_err(failed));
    if made.is_err() {
        // The first error is the one that tells.
        let _ = clear();
    }
    made?;
    disk::sync_folder(folder(main)).map_err(failed)
}

/// Takes the rights of others away from the files that are there. SQLite gives
/// `-wal` and `-shm` the rights of the database.
pub(in crate::backends) fn tighten_all(path: &Path, suffixes: &[&str]) -> io::Result<()> {
    suffixes.iter().try_for_each(|suffix| disk::tighten_at(&beside(path, suffix)))
}
