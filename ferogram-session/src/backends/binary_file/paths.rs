use crate::error::SessionError;
use crate::random;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The files of one session. Each name is the session's with something added,
/// so `bot.session` and `bot.dat` share nothing.
pub(super) struct Paths {
    /// The session itself, behind any symbolic links.
    pub(super) main: PathBuf,
}

impl Paths {
    /// Follows symbolic links, to replace what they point to and not the links.
    pub(super) fn resolve(path: &Path) -> io::Result<Self> {
        if path.as_os_str().is_empty() {
            return Err(SessionError::config("the path of the session is empty").into());
        }
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
        self.with(&format!(".{:032x}{LOCKED}", random::fresh()))
    }

    /// A name for [`write_file`](super::write_file), which need not hold the
    /// lock.
    pub(super) fn unlocked_temporary(&self) -> PathBuf {
        self.with(&format!(".{:032x}{UNLOCKED}", random::fresh()))
    }

    /// Temporary files that a crash left behind. To be called under the lock,
    /// so nobody is writing one; but for those that need no lock, which are
    /// left alone while they are young.
    pub(super) fn leftovers(&self) -> io::Result<Vec<PathBuf>> {
        let Some(name) = self.main.file_name() else { return Ok(Vec::new()) };
        let mut prefix = name.as_encoded_bytes().to_vec();
        prefix.push(b'.');
        let is_token = |token: &[u8]| token.len() == 32 && token.iter().all(u8::is_ascii_hexdigit);
        let folder = folder(&self.main);
        let failed = |error| at(folder, "list", error);
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            let Some(rest) = name.as_encoded_bytes().strip_prefix(prefix.as_slice()) else {
                continue;
            };
            let locked = rest.strip_suffix(LOCKED.as_bytes()).is_some_and(is_token);
            let unlocked = rest.strip_suffix(UNLOCKED.as_bytes()).is_some_and(is_token);
            if locked || (unlocked && is_old(&entry)) {
                found.push(entry.path());
            }
        }
        Ok(found)
    }

    fn with(&self, suffix: &str) -> PathBuf {
        let mut name = OsString::from(self.main.as_os_str());
        name.push(suffix);
        name.into()
    }
}

/// How temporary files end.
const LOCKED: &str = ".tmp";
const UNLOCKED: &str = ".new";

/// Whether nobody can still be writing the file.
fn is_old(entry: &fs::DirEntry) -> bool {
    let age = entry.metadata().and_then(|metadata| metadata.modified()).map(|at| at.elapsed());
    matches!(age, Ok(Ok(age)) if age > Duration::from_secs(60))
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
