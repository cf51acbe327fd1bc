//! What differs between operating systems: identities, positions, and what it
//! takes to make a rename durable; with [`rights`] to files. And what of it a
//! test can watch.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// In tests whoever watches this thread is told what comes next, and may have
/// it fail; else there is nothing here.
macro_rules! watched {
    ($($op:tt)*) => {
        #[cfg(test)]
        crate::backends::faults::before(crate::backends::faults::Op::$($op)*)?;
    };
}

mod identity;
mod rights;

pub(super) use identity::{Identity, Stamp};
#[cfg(any(feature = "sqlite-session", feature = "libsql-session"))]
pub(super) use rights::tighten_at;
pub(super) use rights::{is_exposed, keep_owner, tighten};

/// Creates a file that must not exist yet, readable by its owner only.
pub(super) fn create_private(path: &Path) -> io::Result<File> {
    watched!(Create(path));
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    rights::private(&mut options);
    options.open(path)
}

/// Opens a file, or creates it readable by its owner only.
pub(super) fn open_private(path: &Path) -> io::Result<File> {
    watched!(Create(path));
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    rights::private(&mut options);
    options.open(path)
}

#[cfg(unix)]
pub(super) fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    watched!(Write(file, bytes, offset));
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(unix)]
pub(super) fn read_from(file: &File, offset: u64, len: usize) -> io::Result<Vec<u8>> {
    watched!(Read);
    let mut bytes = vec![0; len];
    std::os::unix::fs::FileExt::read_exact_at(file, &mut bytes, offset)?;
    Ok(bytes)
}

/// What the file begins with: as much of it as `bytes` holds.
#[cfg(unix)]
pub(super) fn read_start<'b>(file: &File, bytes: &'b mut [u8]) -> io::Result<&'b [u8]> {
    watched!(Read);
    let len = std::os::unix::fs::FileExt::read_at(file, bytes, 0)?;
    Ok(&bytes[..len])
}

#[cfg(not(unix))]
pub(super) fn write_at(mut file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    use io::{Seek, Write};
    file.seek(io::SeekFrom::Start(offset))?;
    file.write_all(bytes)
}

#[cfg(not(unix))]
pub(super) fn read_start<'b>(mut file: &File, bytes: &'b mut [u8]) -> io::Result<&'b [u8]> {
    use io::{Read, Seek};
    file.seek(io::SeekFrom::Start(0))?;
    let len = file.read(bytes)?;
    Ok(&bytes[..len])
}

#[cfg(not(unix))]
pub(super) fn read_from(mut file: &File, offset: u64, len: usize) -> io::Result<Vec<u8>> {
    use io::{Read, Seek};
    let mut bytes = vec![0; len];
    file.seek(io::SeekFrom::Start(offset))?;
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

pub(super) fn set_len(file: &File, len: u64) -> io::Result<()> {
    watched!(SetLen(file, len));
    file.set_len(len)
}

/// Makes what was written to a file durable.
pub(super) fn sync(file: &File) -> io::Result<()> {
    watched!(Sync(file));
    #[cfg(test)]
    if super::faults::is_watched() {
        return Ok(());
    }
    file.sync_all()
}

/// Opens a file to read from it, and to write to it if told so.
pub(super) fn open(path: &Path, write: bool) -> io::Result<File> {
    watched!(Open);
    OpenOptions::new().read(true).write(write).open(path)
}

pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    watched!(Read);
    fs::read(path)
}

pub(super) fn metadata(path: &Path) -> io::Result<fs::Metadata> {
    watched!(Look);
    fs::metadata(path)
}

pub(super) fn metadata_of(file: &File) -> io::Result<fs::Metadata> {
    watched!(Look);
    file.metadata()
}

/// Where the symbolic link at `path` leads, if there is one.
pub(super) fn link_at(path: &Path) -> io::Result<Option<PathBuf>> {
    watched!(Look);
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => {
            watched!(Read);
            fs::read_link(path).map(Some)
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(None),
    }
}

/// Takes the lock of a file, unless somebody else has it.
pub(super) fn try_lock(file: &File) -> io::Result<bool> {
    watched!(Lock);
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

pub(super) fn exists(path: &Path) -> io::Result<bool> {
    watched!(Look);
    path.try_exists()
}

pub(super) fn list(folder: &Path) -> io::Result<fs::ReadDir> {
    watched!(Look);
    fs::read_dir(folder)
}

pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    watched!(Rename(from, to));
    fs::rename(from, to)
}

pub(super) fn link(from: &Path, to: &Path) -> io::Result<()> {
    watched!(Link(from, to));
    fs::hard_link(from, to)
}

/// Makes renames and removals in a folder durable.
#[cfg(unix)]
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    watched!(SyncFolder);
    #[cfg(test)]
    if super::faults::is_watched() {
        return Ok(());
    }
    match File::open(folder)?.sync_all() {
        // Some file systems of networks and containers have no such call.
        Err(error)
            if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) =>
        {
            Ok(())
        }
        synced => synced,
    }
}

/// Windows has no such call, and journals its folders itself.
#[cfg(not(unix))]
pub(super) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Removes a file that may not be there.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    watched!(Remove(path));
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
