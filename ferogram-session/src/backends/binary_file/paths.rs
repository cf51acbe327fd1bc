use crate::backends::paths::{at, beside, folder, resolve};
use crate::random;
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
        resolve(path).map(|main| Self { main })
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
        beside(&self.main, suffix)
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
