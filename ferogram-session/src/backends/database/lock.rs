use super::file::{beside, open_private};
use crate::error::SessionError;
use crate::random;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The lock file of a database, `<file>.lock`: one program at a time writes
/// the database or its log.
///
/// SQLite has locks of its own, but before 3.51.3 they let a checkpoint run
/// while another connection starts the log anew, and what that one wrote is
/// then lost from the file. libSQL carries an older one. So all programs that
/// use this crate, whichever engine they have, write and checkpoint under this
/// lock; reading needs none.
pub(in crate::backends) struct LockFile {
    path: PathBuf,
}

/// The lock; given back when dropped, and by the system when a process ends.
pub(in crate::backends) struct Locked {
    _file: File,
}

impl LockFile {
    pub(in crate::backends) fn beside(database: &Path) -> Self {
        Self { path: beside(database, ".lock") }
    }

    /// Waits until the deadline.
    pub(in crate::backends) fn lock(&self, deadline: Instant) -> io::Result<Locked> {
        let failed = |error: io::Error| -> io::Error {
            SessionError::unavailable(format!("cannot lock {}: {error}", self.path.display()))
                .with_kind(error.kind())
                .help("see that the folder exists and that this user may write there")
                .into()
        };
        let mut pause = Duration::from_micros(100);
        loop {
            let file = open_private(&self.path).map_err(failed)?;
            match file.try_lock() {
                // Somebody may have removed it, and others would lock a new one.
                Ok(()) if is_at(&file, &self.path) => return Ok(Locked { _file: file }),
                Ok(()) => continue,
                Err(TryLockError::Error(error)) => return Err(failed(error)),
                Err(TryLockError::WouldBlock) => {}
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(SessionError::timed_out(format!(
                    "another program holds {}",
                    self.path.display()
                ))
                .help("look for a program that hangs while it writes this database")
                .into());
            }
            let share = (random::fresh() % 512) as u32 + 512;
            std::thread::sleep((pause * share / 1024).min(left));
            pause = (pause * 2).min(Duration::from_millis(10));
        }
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    match (file.metadata(), fs::metadata(path)) {
        (Ok(held), Ok(there)) => identity(held) == identity(there),
        _ => false,
    }
}

/// An open file cannot be removed on Windows.
#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    fs::metadata(path).is_ok()
}
