//! What tells one file from another, and one state of a file from those after it.

#[cfg(unix)]
use super::{metadata, metadata_of};
use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Which file an open one is: no other has this as long as it is open.
#[cfg(unix)]
#[derive(Clone, Copy)]
pub(in crate::backends) struct Identity {
    device: u64,
    inode: u64,
}

#[cfg(unix)]
impl Identity {
    pub(in crate::backends) fn of(file: &File) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        let metadata = metadata_of(file)?;
        Ok(Self { device: metadata.dev(), inode: metadata.ino() })
    }

    /// Of a file that must not be opened.
    pub(in crate::backends) fn at(path: &Path) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        let metadata = metadata(path)?;
        Ok(Self { device: metadata.dev(), inode: metadata.ino() })
    }

    /// What there is to know of the file at `path`, if it is this one.
    pub(in crate::backends) fn look_at(&self, path: &Path) -> io::Result<Option<fs::Metadata>> {
        use std::os::unix::fs::MetadataExt;
        match metadata(path) {
            Ok(there) if (there.dev(), there.ino()) == (self.device, self.inode) => Ok(Some(there)),
            Ok(_) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Without an identity of files every call opens the file again.
#[cfg(not(unix))]
#[derive(Clone, Copy)]
pub(in crate::backends) struct Identity;

#[cfg(not(unix))]
impl Identity {
    pub(in crate::backends) fn of(_: &File) -> io::Result<Self> {
        Ok(Self)
    }

    pub(in crate::backends) fn at(_: &Path) -> io::Result<Self> {
        Ok(Self)
    }

    pub(in crate::backends) fn look_at(&self, _: &Path) -> io::Result<Option<fs::Metadata>> {
        Ok(None)
    }
}

/// Which file this is, and when anything of it was last changed: what stands at a path
/// later has another one, but within one tick of the clock.
#[cfg(unix)]
#[derive(Hash)]
pub(in crate::backends) struct Stamp {
    device: u64,
    inode: u64,
    /// In seconds and nanoseconds. (The time of the last write can be set, and `cp -p` does.)
    changed: (i64, i64),
    len: u64,
}

#[cfg(unix)]
impl Stamp {
    pub(in crate::backends) fn of(file: &fs::Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let changed = (file.ctime(), file.ctime_nsec());
        Some(Self { device: file.dev(), inode: file.ino(), changed, len: file.len() })
    }
}

/// A copy keeps the time of the last write here, and there is no other.
#[cfg(not(unix))]
#[derive(Hash)]
pub(in crate::backends) enum Stamp {}

#[cfg(not(unix))]
impl Stamp {
    pub(in crate::backends) fn of(_: &fs::Metadata) -> Option<Self> {
        None
    }
}
