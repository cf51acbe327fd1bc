//! The files of a database: made by us before SQLite opens them, so that they
//! are private from the first byte on. SQLite gives `-wal` and `-shm` the
//! rights of the database.

use crate::backends::disk;
use crate::backends::paths::{at, beside};
use crate::error::SessionError;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Creates the file if it is not there, and takes the rights of others away.
///
/// A file that is there is not opened: when a program closes a file, the
/// system takes all locks of that program off it, those of SQLite in another
/// connection included. The one that creates the file has to close it, so
/// meanwhile nobody else in this program gets past here.
pub(super) fn make_private(path: &Path) -> io::Result<()> {
    static CREATING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = CREATING.lock().unwrap_or_else(PoisonError::into_inner);
    let failed = |error| at(path, "open", error);
    match fs::metadata(path) {
        // A device or a pipe is nothing to take rights away from.
        Ok(metadata) if !metadata.is_file() => {
            let message = format!("{} is not a regular file", path.display());
            return Err(SessionError::config(message).help("name the file of a database").into());
        }
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => match disk::create_private(path) {
            Ok(file) => disk::keep_owner(&file, path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(error)),
        },
        Err(error) => return Err(failed(error)),
    }
    tighten_all(path, &["", "-wal", "-shm"]).map_err(failed)
}

/// Takes the rights of others away from the files that are there.
pub(in crate::backends) fn tighten_all(path: &Path, suffixes: &[&str]) -> io::Result<()> {
    suffixes.iter().try_for_each(|suffix| disk::tighten_at(&beside(path, suffix)))
}
