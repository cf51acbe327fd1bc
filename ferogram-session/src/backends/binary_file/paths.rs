use crate::backends::disk::{self, Identity};
use crate::backends::lock;
use crate::backends::paths::{at, beside, folder, resolve};
use crate::error::SessionError;
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
    /// The symbolic link that was named, if it was one: a file that it took
    /// the place of may have left something beside it.
    link: Option<PathBuf>,
    /// The lock file that is held, while it is.
    pub(super) locked: Option<Identity>,
}

impl Paths {
    /// Follows symbolic links, to replace what they point to and not the links.
    pub(super) fn resolve(path: &Path) -> io::Result<Self> {
        let main = resolve(path)?;
        let link = (main != path).then(|| path.to_owned());
        Ok(Self { main, link, locked: None })
    }

    /// Whether a link was named that leads to a folder that is not there: a
    /// volume that is not mounted may hold the session.
    pub(super) fn leads_nowhere(&self) -> io::Result<()> {
        let folder = folder(&self.main);
        match &self.link {
            Some(link)
                if !disk::exists(folder).map_err(|error| at(folder, "look for", error))? =>
            {
                Err(SessionError::unavailable(format!(
                    "{} is a link into {}, which is not there",
                    link.display(),
                    folder.display()
                ))
                .help("mount or create that folder, or remove the link")
                .into())
            }
            _ => Ok(()),
        }
    }

    /// Held while writing.
    pub(super) fn lock(&self) -> PathBuf {
        self.with(".lock")
    }

    /// Whether the lock that is held still counts. Somebody may have removed the
    /// file, and another writer be at work with a new one.
    pub(super) fn is_locked(&self) -> bool {
        self.still_locked().is_ok()
    }

    /// Asked right before something is changed that others may have changed; the
    /// call then begins again, under the new lock.
    pub(super) fn still_locked(&self) -> io::Result<()> {
        let Some(locked) = self.locked else { return Ok(()) };
        let lock = self.lock();
        match lock::is_at(locked, &lock).map_err(|error| at(&lock, "look at", error))? {
            true => Ok(()),
            false => Err(self.lock_is_gone()),
        }
    }

    pub(super) fn lock_is_gone(&self) -> io::Error {
        SessionError::timed_out(format!("{} is removed again and again", self.lock().display()))
            .help("leave that file alone: it keeps two programs from writing at once")
            .into()
    }

    /// The last good generation.
    pub(super) fn previous(&self) -> PathBuf {
        self.with(PREVIOUS)
    }

    /// What [`recover`](super::BinaryFileBackend::recover) put aside.
    pub(super) fn damaged(&self) -> PathBuf {
        self.with(DAMAGED)
    }

    /// Where a previous generation may be: the newest first.
    pub(super) fn all_previous(&self) -> Vec<PathBuf> {
        let beside_link = self.link.iter().map(|link| beside(link, PREVIOUS));
        [self.previous()].into_iter().chain(beside_link).collect()
    }

    /// Where something of the session may be, beside itself and leftovers.
    pub(super) fn kept(&self) -> Vec<PathBuf> {
        let mut kept = self.all_previous();
        kept.push(self.damaged());
        kept.extend(self.link.iter().map(|link| beside(link, DAMAGED)));
        kept
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
        self.temporaries(is_old)
    }

    /// The young ones too: what is deleted is to be nowhere, and whoever writes
    /// one just now is told.
    pub(super) fn all_leftovers(&self) -> io::Result<Vec<PathBuf>> {
        self.temporaries(|_| true)
    }

    fn temporaries(&self, unlocked: fn(&fs::DirEntry) -> bool) -> io::Result<Vec<PathBuf>> {
        let Some(name) = self.main.file_name() else { return Ok(Vec::new()) };
        let mut prefix = name.as_encoded_bytes().to_vec();
        prefix.push(b'.');
        let is_token = |token: &[u8]| token.len() == 32 && token.iter().all(u8::is_ascii_hexdigit);
        let folder = folder(&self.main);
        let failed = |error| at(folder, "list", error);
        let mut found = Vec::new();
        for entry in disk::list(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            let Some(rest) = name.as_encoded_bytes().strip_prefix(prefix.as_slice()) else {
                continue;
            };
            let ends = |suffix: &str| rest.strip_suffix(suffix.as_bytes()).is_some_and(is_token);
            if ends(LOCKED) || (ends(UNLOCKED) && unlocked(&entry)) {
                found.push(entry.path());
            }
        }
        Ok(found)
    }

    fn with(&self, suffix: &str) -> PathBuf {
        beside(&self.main, suffix)
    }
}

const PREVIOUS: &str = ".prev";
const DAMAGED: &str = ".damaged";
/// How temporary files end.
const LOCKED: &str = ".tmp";
const UNLOCKED: &str = ".new";

/// Whether nobody can still be writing the file.
fn is_old(entry: &fs::DirEntry) -> bool {
    let age = entry.metadata().and_then(|metadata| metadata.modified()).map(|at| at.elapsed());
    matches!(age, Ok(Ok(age)) if age > Duration::from_secs(60))
}
