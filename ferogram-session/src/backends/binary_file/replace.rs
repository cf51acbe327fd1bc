//! Putting a whole file in the place of another, so that after a crash or a
//! power cut one of the two is there, whole.

use super::paths::Paths;
use crate::backends::disk;
use crate::backends::lock::LockFile;
use crate::backends::paths::{at, folder};
use crate::data::PersistedSession;
use crate::error::SessionError;
use crate::format;
use crate::sync::deadline;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Replaces the session file with `bytes`; what it was before is kept as the
/// previous generation. Returns the new file, open.
pub(super) fn replace(paths: &Paths, bytes: &[u8], keep: bool) -> io::Result<File> {
    replace_by(paths, paths.temporary(), bytes, keep)
}

fn replace_by(paths: &Paths, temporary: PathBuf, bytes: &[u8], keep: bool) -> io::Result<File> {
    let result = write_temporary(paths, &temporary, bytes).and_then(|file| {
        if keep {
            keep_previous(paths)?;
        }
        paths.still_locked()?;
        disk::rename(&temporary, &paths.main).map_err(|error| at(&paths.main, "replace", error))?;
        Ok(file)
    });
    let file = result.map_err(|error| given_up(&temporary, error))?;
    settle(paths)?;
    Ok(file)
}

/// Makes durable what was renamed and removed in the folder.
pub(super) fn settle(paths: &Paths) -> io::Result<()> {
    let folder = folder(&paths.main);
    disk::sync_folder(folder).map_err(|error| at(folder, "make durable the folder", error))
}

fn write_temporary(paths: &Paths, temporary: &Path, bytes: &[u8]) -> io::Result<File> {
    let failed = |error| at(temporary, "write", error);
    let file = disk::create_private(temporary).map_err(failed)?;
    disk::keep_owner(&file, &paths.main);
    disk::write_at(&file, bytes, 0).map_err(failed)?;
    disk::sync(&file).map_err(failed)?;
    Ok(file)
}

/// Makes the session file the previous generation too, in place of the one
/// before.
fn keep_previous(paths: &Paths) -> io::Result<()> {
    let previous = paths.previous();
    let failed = |error| at(&previous, "keep the previous generation as", error);
    let link = paths.temporary();
    match disk::link(&paths.main, &link) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        // Some file systems know no links.
        Err(_) => copy(&paths.main, &link).map_err(|error| given_up(&link, failed(error)))?,
    }
    // A process may have ended between this and what comes next: the session is
    // then its own previous generation, and a rename from one name of a file to
    // another does nothing.
    disk::rename(&link, &previous)
        .and_then(|()| disk::remove(&link))
        .map_err(|error| given_up(&link, failed(error)))
}

/// Nothing is left of what did not work.
fn given_up(temporary: &Path, error: io::Error) -> io::Error {
    // The first error is the one that tells.
    let _ = disk::remove(temporary);
    error
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let file = disk::create_private(to)?;
    disk::keep_owner(&file, from);
    disk::write_at(&file, &disk::read(from)?, 0)?;
    disk::sync(&file)
}

/// Runs `call` under the lock; if somebody removed that meanwhile, again under the
/// next one: what it wrote may be gone, or may be in the way of what others wrote.
pub(super) fn locked<T>(
    lock: &mut LockFile,
    paths: &mut Paths,
    deadline: Instant,
    mut call: impl FnMut(&Paths) -> io::Result<T>,
) -> io::Result<T> {
    loop {
        let locked = lock.lock(&paths.main, deadline)?;
        paths.locked = Some(locked.identity());
        let result = call(paths);
        if paths.is_locked() {
            return result;
        }
        if Instant::now() >= deadline {
            return Err(paths.lock_is_gone());
        }
    }
}

/// [`PersistedSession::save`]. Where a backend is in use, which its lock file
/// shows, this waits for its turn; else it leaves nothing but the file.
pub(crate) fn write_file(path: &Path, session: &PersistedSession) -> io::Result<()> {
    let mut paths = Paths::resolve(path)?;
    let bytes = format::encode(session);
    let lock = paths.lock();
    if disk::exists(&lock).map_err(|error| at(&lock, "look for", error))? {
        let mut lock = LockFile::default();
        locked(&mut lock, &mut paths, deadline(), |paths| replace(paths, &bytes, false).map(drop))
    } else {
        replace_by(&paths, paths.unlocked_temporary(), &bytes, false).map(drop)
    }
}

/// [`PersistedSession::load`].
pub(crate) fn read_file(path: &Path) -> io::Result<PersistedSession> {
    let bytes = disk::read(path).map_err(|error| at(path, "read", error))?;
    match format::decode_file(&bytes) {
        Ok((records, _)) => Ok(records.into_session()),
        Err(damage) => {
            let message = format!("{}: {}", path.display(), damage.what);
            Err(SessionError::corrupt(message).at(damage.offset as u64).help("put a copy in its place, or let a `BinaryFileBackend` at this path `recover()` it").into())
        }
    }
}
