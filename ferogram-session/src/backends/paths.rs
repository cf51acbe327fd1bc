//! Names of files, and what a failure with one of them means.

use super::disk;
use crate::error::SessionError;
use std::io;
use std::path::{Path, PathBuf};

/// The file that `path` names now, wherever the program goes later: one that
/// detaches itself goes to `/`, and would find no session there.
pub(super) fn fixed(path: &Path) -> PathBuf {
    // Of none there is none, which is an error of its own later.
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

/// The file behind any symbolic links: what stands beside a file stands beside
/// this one, whichever way it was named.
pub(super) fn resolve(path: &Path) -> io::Result<PathBuf> {
    if path.as_os_str().is_empty() {
        return Err(SessionError::config("the path of the session is empty").into());
    }
    let mut resolved = path.to_path_buf();
    // As many links as Linux itself follows.
    for _ in 0..40 {
        match disk::link_at(&resolved).map_err(|error| at(&resolved, "look at", error))? {
            Some(link) => resolved = folder(&resolved).join(link),
            None => return Ok(resolved),
        }
    }
    Err(SessionError::config(format!("{} is a circle of symbolic links", path.display())).into())
}

/// The file whose name is that of `path` with something behind it.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// The folder a file is in.
pub(super) fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// A failure of the file system, with the path and what was tried.
pub(super) fn at(path: &Path, what: &str, error: io::Error) -> io::Error {
    if SessionError::of(&error).is_some() {
        return error;
    }
    let kind = error.kind();
    let found = SessionError::unavailable(format!("cannot {what} {}: {error}", path.display()));
    let found = match kind {
        io::ErrorKind::PermissionDenied => {
            found.help("give this user the right to read and write it, and its folder")
        }
        io::ErrorKind::NotFound if folder(path).is_dir() => found.help(
            "its folder is there: look at the name, and for whatever else removes files there, or that folder",
        ),
        io::ErrorKind::NotFound => found.help("create the folder first"),
        io::ErrorKind::IsADirectory => {
            found.help("a folder stands there: move it away, or name another file")
        }
        io::ErrorKind::ResourceBusy => found.help(
            "a file that is mounted into a container cannot be replaced: mount its folder instead",
        ),
        io::ErrorKind::ReadOnlyFilesystem => {
            found.help("put the session on a writable file system")
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            found.help("make room; what was stored before is still there")
        }
        _ => found,
    };
    found.with_kind(kind).caused_by(error).into()
}
