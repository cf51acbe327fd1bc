use crate::error::SessionError;
use crate::random;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The files of one session. Each name is the session's with something added,
/// so `bot.session` and `bot.dat` share nothing.
pub(super) struct Paths {
    /// The session itself, behind any symbolic links.
    pub(super) main: PathBuf,
}

impl Paths {
    /// Follows symbolic links, to replace what they point to and not the links.
    pub(super) fn resolve(path: &Path) -> io::Result<Self> {
        let mut main = path.to_path_buf();
        // As many links as Linux itself follows.
        for _ in 0..40 {
            match fs::symlink_metadata(&main) {
                Ok(metadata) if metadata.is_symlink() => {
                    let link = fs::read_link(&main).map_err(|error| at(&main, "read", error))?;
                    main = folder(&main).join(link);
                }
                _ => return Ok(Self { main }),
            }
        }
        Err(SessionError::config(format!("{} is a circle of symbolic links", path.display()))
            .into())
    }

    /// Held while writing.
    pub(super) fn lock(&self) -> PathBuf {
        self.with(".lock")
    }

    /// The last good generation.
    pub(super) fn previous(&self) -> PathBuf {
        self.with(".prev")
    }

    /// What [`recover`](super::BinaryFileBackend::recover) put aside.
    pub(super) fn damaged(&self) -> PathBuf {
        self.with(".damaged")
    }

    /// A name that nobody can have put something under.
    pub(super) fn temporary(&self) -> PathBuf {
        self.with(&format!(".{:032x}.tmp", random::fresh()))
    }

    /// Temporary files that a crash left behind.
    pub(super) fn leftovers(&self) -> Vec<PathBuf> {
        let Some(name) = self.main.file_name() else {
            return Vec::new();
        };
        let mut prefix = name.as_encoded_bytes().to_vec();
        prefix.push(b'.');
        let ours = |candidate: &std::ffi::OsStr| {
            let rest = candidate.as_encoded_bytes().strip_prefix(prefix.as_slice());
            let token = rest.and_then(|rest| rest.strip_suffix(b".tmp"));
            token.is_some_and(|token| token.len() == 32 && token.iter().all(u8::is_ascii_hexdigit))
        };
        let Ok(entries) = fs::read_dir(folder(&self.main)) else {
            return Vec::new();
        };
        let paths = entries.filter_map(|entry| entry.ok().filter(|entry| ours(&entry.file_name())));
        paths.map(|entry| entry.path()).collect()
    }

    fn with(&self, suffix: &str) -> PathBuf {
        let mut name = OsString::from(self.main.as_os_str());
        name.push(suffix);
        name.into()
    }
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
        io::ErrorKind::NotFound => found.help("create the folder first"),
        io::ErrorKind::IsADirectory => found.help("name a file, not a folder"),
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
