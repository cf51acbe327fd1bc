use super::disk::{self, Identity};
use super::paths::{at, beside};
use crate::error::SessionError;
use crate::random;
use std::fs::File;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// The lock file beside a session or a database, `<file>.lock`, kept open from
/// call to call.
#[derive(Default)]
pub(super) struct LockFile(Option<Kept>);

struct Kept {
    file: File,
    identity: Identity,
    /// A process that is forked off shares the file, and with it the lock: it
    /// opens the file anew.
    pid: u32,
}

/// The right to write, of which there is one among all processes; given back
/// when dropped, and by the system when a process ends.
pub(super) struct Locked<'a>(&'a Kept);

impl LockFile {
    /// Waits for the lock beside `main` until the deadline. The file stays when
    /// the lock is given back: a name that comes and goes would lock nobody out.
    pub(super) fn lock(&mut self, main: &Path, deadline: Instant) -> io::Result<Locked<'_>> {
        let path = beside(main, ".lock");
        let failed = |error| at(&path, "lock", error);
        let mut pause = Duration::from_micros(200);
        loop {
            let kept = self.0.take().filter(|kept| kept.pid == std::process::id());
            let kept = match kept {
                Some(kept) => kept,
                // Through a link it would be the file of somebody else.
                None if disk::link_at(&path).map_err(failed)?.is_some() => {
                    return Err(not_a_lock(&path));
                }
                None => open(&path, main).map_err(failed)?,
            };
            // Somebody may have removed it, and others would lock a new one.
            let is_there = || is_at(kept.identity, &path).unwrap_or(false);
            // Of a file that is gone: the next one, as long as there is time.
            if disk::try_lock(&kept.file).map_err(failed)? && is_there() {
                note_holder(&kept, &path)?;
                return Ok(Locked(self.0.insert(kept)));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(held(&path, &kept.file));
            }
            if is_there() {
                self.0 = Some(kept);
            }
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

impl Locked<'_> {
    /// Which file is locked, to ask [`is_at`] whether it still counts.
    pub(super) fn identity(&self) -> Identity {
        self.0.identity
    }
}

/// Whether the file that was locked still stands at `path`: if somebody removed it,
/// the next one locks another. Windows removes no file that is open.
pub(super) fn is_at(locked: Identity, path: &Path) -> io::Result<bool> {
    Ok(cfg!(not(unix)) || locked.len_at(path)?.is_some())
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        // Closing the file would give it back too.
        let _ = self.0.file.unlock();
    }
}

fn open(path: &Path, main: &Path) -> io::Result<Kept> {
    let file = disk::open_private(path)?;
    disk::keep_owner(&file, main);
    let identity = Identity::of(&file)?;
    Ok(Kept { file, identity, pid: std::process::id() })
}

/// Leaves our process id for whoever waits in vain. An error if what stands in
/// the file is of somebody else: it may be a session of that name.
fn note_holder(Kept { file, pid, .. }: &Kept, path: &Path) -> io::Result<()> {
    let mine = format!("{pid}\n");
    // One byte more than the longest number takes.
    let mut bytes = [0; 22];
    let there = disk::read_start(file, &mut bytes).map_err(|error| at(path, "read", error))?;
    if there == mine.as_bytes() {
        return Ok(());
    }
    // Zeros are what a power cut leaves of a number.
    let is_number = there.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'\n' | 0));
    if there.len() > 21 || !is_number {
        return Err(not_a_lock(path));
    }
    // For a message, no more: on a full disk, say, it may fail.
    let _ = disk::write_at(file, mine.as_bytes(), 0)
        .and_then(|()| disk::set_len(file, mine.len() as u64));
    Ok(())
}

fn not_a_lock(path: &Path) -> io::Error {
    SessionError::config(format!("{} is there and is no lock file", path.display()))
        .help("give the session another name, or take that file away")
        .into()
}

fn held(path: &Path, file: &File) -> io::Error {
    let mut bytes = [0; 20];
    let holder = disk::read_start(file, &mut bytes).unwrap_or_default();
    let holder = String::from_utf8_lossy(holder).trim().to_owned();
    let holder =
        if holder.is_empty() { "another process".into() } else { format!("process {holder}") };
    SessionError::timed_out(format!("{holder} holds {}", path.display()))
        .help("end that process, or wait for it")
        .into()
}
