use super::disk::{self, Identity};
use super::paths::{at, beside};
use crate::error::SessionError;
use crate::random;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

const SUFFIX: &str = ".lock";

/// The lock file beside a session or a database, `<file>.lock`, kept open from
/// call to call.
#[derive(Default)]
pub(super) struct LockFile {
    kept: Option<Kept>,
    /// Where it was last.
    path: PathBuf,
}

struct Kept {
    file: File,
    identity: Identity,
    /// A process that is forked off shares the file, and with it the lock: it
    /// opens the file anew.
    pid: u32,
    /// When the file was last changed, if our process id stood in it later than
    /// that: as long as this is so, it still does.
    noted: Option<SystemTime>,
}

/// The right to write, of which there is one among all processes; given back
/// when dropped, and by the system when a process ends.
pub(super) struct Locked<'a>(&'a Kept);

impl LockFile {
    /// Waits for the lock beside `main` until the deadline. The file stays when
    /// the lock is given back: a name that comes and goes would lock nobody out.
    pub(super) fn lock(&mut self, main: &Path, deadline: Instant) -> io::Result<Locked<'_>> {
        let Self { kept: slot, path } = self;
        if !is_beside(path, main) {
            *path = beside(main, SUFFIX);
            // It locks something else.
            *slot = None;
        }
        let path = path.as_path();
        let failed = |error| at(path, "lock", error);
        let mut pause = Duration::from_micros(200);
        loop {
            let kept = slot.take().filter(|kept| kept.pid == std::process::id());
            let kept = match kept {
                Some(kept) => kept,
                // Through a link it would be the file of somebody else.
                None if disk::link_at(path).map_err(failed)?.is_some() => {
                    return Err(not_a_lock(path));
                }
                None => open(path, main).map_err(failed)?,
            };
            // Somebody may have removed it, and others would lock a new one.
            let look = |kept: &Kept| look_at(kept.identity, path).unwrap_or(Standing::Gone);
            // Of a file that is gone: the next one, as long as there is time.
            if disk::try_lock(&kept.file).map_err(failed)?
                && let Standing::There(changed) = look(&kept)
            {
                let mut kept = kept;
                note_holder(&mut kept, changed, path)?;
                return Ok(Locked(slot.insert(kept)));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(held(path, &kept.file));
            }
            if let Standing::There(_) = look(&kept) {
                *slot = Some(kept);
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
/// the next one locks another.
pub(super) fn is_at(locked: Identity, path: &Path) -> io::Result<bool> {
    Ok(matches!(look_at(locked, path)?, Standing::There(_)))
}

enum Standing {
    /// And when it was last changed, where that can be known.
    There(Option<SystemTime>),
    Gone,
}

fn look_at(locked: Identity, path: &Path) -> io::Result<Standing> {
    Ok(match locked.look_at(path)? {
        Some(there) => Standing::There(there.modified().ok()),
        // Windows removes no file that is open.
        None if cfg!(not(unix)) => Standing::There(None),
        None => Standing::Gone,
    })
}

/// Whether `path` is that of the lock for `main`: with every call, so without
/// making it.
fn is_beside(path: &Path, main: &Path) -> bool {
    let (path, main) = (path.as_os_str().as_encoded_bytes(), main.as_os_str().as_encoded_bytes());
    path.strip_prefix(main) == Some(SUFFIX.as_bytes())
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
    Ok(Kept { file, identity, pid: std::process::id(), noted: None })
}

/// Leaves our process id for whoever waits in vain. An error if what stands in
/// the file is of somebody else: it may be a session of that name.
fn note_holder(kept: &mut Kept, changed: Option<SystemTime>, path: &Path) -> io::Result<()> {
    let Kept { file, pid, noted, .. } = kept;
    if changed.is_some() && *noted == changed {
        return Ok(());
    }
    let mine = format!("{pid}\n");
    // One byte more than the longest number takes.
    let mut bytes = [0; 22];
    let there = disk::read_start(file, &mut bytes).map_err(|error| at(path, "read", error))?;
    if there == mine.as_bytes() {
        // Two changes shortly after each other may bear the same time.
        let is_past = |at: &SystemTime| at.elapsed().is_ok_and(|age| age > Duration::from_secs(2));
        *noted = changed.filter(is_past);
        return Ok(());
    }
    *noted = None;
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
