use super::disk;
use super::paths::{at, beside};
use crate::error::SessionError;
use crate::random;
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// The lock file beside a session or a database, `<file>.lock`, kept open from
/// call to call.
#[derive(Default)]
pub(super) struct LockFile(Option<File>);

/// The right to write, of which there is one among all processes; given back
/// when dropped, and by the system when a process ends.
pub(super) struct Locked<'a>(&'a File);

impl LockFile {
    /// Waits for the lock beside `main` until the deadline. The file stays when
    /// the lock is given back: a name that comes and goes would lock nobody out.
    pub(super) fn lock(&mut self, main: &Path, deadline: Instant) -> io::Result<Locked<'_>> {
        let path = beside(main, ".lock");
        let failed = |error| at(&path, "lock", error);
        let mut pause = Duration::from_micros(200);
        loop {
            // Somebody may have removed it all the same, and others would lock
            // a new one.
            let kept = self.0.take();
            let is_there =
                |file: &File| disk::len_if_same(file, &path).is_ok_and(|len| len.is_some());
            let file = match kept {
                Some(file) if is_there(&file) => file,
                _ => {
                    let file = disk::open_private(&path).map_err(failed)?;
                    disk::keep_owner(&file, main);
                    file
                }
            };
            match file.try_lock() {
                Ok(()) if cfg!(not(unix)) || is_there(&file) => {
                    let locked = Locked(self.0.insert(file));
                    // For the message of whoever waits in vain, no more: on a
                    // full disk, say, it may fail.
                    let _ = note_holder(locked.0);
                    return Ok(locked);
                }
                Ok(()) => continue,
                Err(TryLockError::Error(error)) => return Err(failed(error)),
                Err(TryLockError::WouldBlock) => {}
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(held(&path, &file));
            }
            self.0 = Some(file);
            let share = (random::fresh() % 512) as u32 + 512;
            std::thread::sleep((pause * share / 1024).min(left));
            pause = (pause * 2).min(Duration::from_millis(20));
        }
    }

    /// Takes the lock for as long as this lives.
    #[cfg(feature = "libsql-remote-session")]
    pub(super) fn held(main: &Path, deadline: Instant) -> io::Result<Self> {
        let mut lock = Self::default();
        // Closing the file gives it back.
        std::mem::forget(lock.lock(main, deadline)?);
        Ok(lock)
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        // Closing the file would give it back too.
        let _ = self.0.unlock();
    }
}

/// Leaves our process id for whoever waits in vain.
fn note_holder(file: &File) -> io::Result<()> {
    let mine = format!("{}\n", std::process::id());
    let len = file.metadata()?.len();
    if len != mine.len() as u64 || disk::read_from(file, 0, mine.len())? != mine.as_bytes() {
        disk::write_at(file, mine.as_bytes(), 0)?;
        file.set_len(mine.len() as u64)?;
    }
    Ok(())
}

fn held(path: &Path, file: &File) -> io::Error {
    let len = file.metadata().map_or(0, |metadata| metadata.len().min(20)) as usize;
    let holder = disk::read_from(file, 0, len).unwrap_or_default();
    let holder = String::from_utf8_lossy(&holder).trim().to_owned();
    let holder =
        if holder.is_empty() { "another process".into() } else { format!("process {holder}") };
    SessionError::timed_out(format!("{holder} holds {}", path.display()))
        .help("end that process, or wait for it")
        .into()
}
