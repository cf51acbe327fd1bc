#[cfg(unix)]
use std::fs;
use std::fs::File;
use std::path::Path;

/// An operation that is about to be done.
pub(crate) enum Op<'a> {
    Create(&'a Path),
    Lock,
    Open,
    Read,
    Look,
    Rights,
    Write(&'a File, &'a [u8], u64),
    SetLen(&'a File, u64),
    Sync(&'a File),
    SyncFolder,
    Rename(&'a Path, &'a Path),
    Link(&'a Path, &'a Path),
    Remove(&'a Path),
}

impl Op<'_> {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Create(_) => "create",
            Self::Lock => "lock",
            Self::Open => "open",
            Self::Read => "read",
            Self::Look => "look",
            Self::Rights => "rights",
            Self::Write(..) => "write",
            Self::SetLen(..) => "truncate",
            Self::Sync(_) => "sync",
            Self::SyncFolder => "sync the folder",
            Self::Rename(..) => "rename",
            Self::Link(..) => "link",
            Self::Remove(_) => "remove",
        }
    }

    /// Whether it changes this file.
    pub(super) fn changes_file(&self, path: &Path) -> bool {
        match self {
            Self::Rename(_, to) => *to == path,
            Self::Remove(of) => *of == path,
            Self::Write(file, ..) | Self::SetLen(file, _) => is_at(file, path),
            _ => false,
        }
    }

    /// Whether it changes what is on the disk.
    pub(super) fn changes(&self) -> bool {
        !matches!(self, Self::Lock | Self::Open | Self::Read | Self::Look | Self::Rights)
    }
}

#[cfg(unix)]
pub(super) fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let number = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let there = fs::metadata(path).map(number);
    there.is_ok_and(|there| file.metadata().map(number).is_ok_and(|is| is == there))
}

#[cfg(not(unix))]
pub(super) fn is_at(_: &File, _: &Path) -> bool {
    false
}
