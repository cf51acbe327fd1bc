use super::now::{Now, check_file, now, read};
use super::open::Open;
use super::paths::Paths;
use super::replace::replace;
use crate::backends::disk;
use crate::backends::lock::LockFile;
use crate::backends::paths::{at, folder};
use crate::error::SessionError;
use crate::format::{self, Journal};
use crate::mode::{Expect, RowStore, Version, Written};
use crate::random;
use crate::records::{Parts, Records, Write, difference};
use crate::sync::{DEADLINE, Timed};
use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// A row store that is one file. Its key is the path.
pub(super) struct FileStore {
    path: PathBuf,
    state: Timed<State>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) lock: LockFile,
    pub(super) open: Option<Open>,
}

impl FileStore {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, state: Timed::default() }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `call` with the right to write the file.
    pub(super) fn locked<T>(
        &self,
        call: impl FnOnce(&Paths, &mut Option<Open>) -> io::Result<T>,
    ) -> io::Result<T> {
        let deadline = Instant::now() + DEADLINE;
        let run = || {
            let mut state = self.state.lock(deadline).ok_or_else(|| {
                SessionError::timed_out("another thread did not finish writing the file")
            })?;
            let State { lock, open } = &mut *state;
            let paths = Paths::resolve(&self.path)?;
            let _locked = lock.lock(&paths.main, deadline)?;
            call(&paths, open)
        };
        run().map_err(|error| self.named(error))
    }

    /// The session of this store is its path: that is what errors are to name.
    fn named(&self, error: io::Error) -> io::Error {
        SessionError::in_session(error, &self.path.display().to_string())
    }

    /// Whether there is nothing that a deletion could remove.
    fn is_nothing(&self) -> io::Result<bool> {
        let paths = Paths::resolve(&self.path)?;
        let there = |path: &Path| path.try_exists().map_err(|error| at(path, "look for", error));
        if !there(folder(&paths.main))? {
            return Ok(true);
        }
        match fs::metadata(&paths.main) {
            Ok(metadata) if !metadata.is_file() => check_file(&paths, &metadata)?,
            _ => {}
        }
        let kept = there(&paths.main)? || there(&paths.previous())? || there(&paths.damaged())?;
        Ok(!kept && paths.leftovers()?.is_empty())
    }

    pub(super) fn checkpoint(&self) -> io::Result<()> {
        self.locked(|paths, slot| {
            let Now::Ours { mut open, records } = now(paths, slot.take())? else { return Ok(()) };
            let Journal { generation, end, synced, chain, .. } = open.journal;
            if end == synced {
                *slot = Some(open);
                return Ok(());
            }
            let mut mark = Vec::new();
            let chain = format::sync_mark(&mut mark, generation, end, chain);
            if open.is_full(mark.len()) {
                let records = records.map_or_else(|| whole(paths), Ok)?;
                *slot = Some(put(paths, &records, true)?);
                return Ok(());
            }
            open.append(paths, &mark, chain)?;
            if let Err(error) = open.file.sync_data() {
                // What the file holds on the disk is unknown, and a second
                // sync would not tell: it is written anew, or stays unmarked.
                let _ = open.file.set_len(end);
                let anew = whole(paths).and_then(|records| put(paths, &records, true));
                *slot = Some(anew.map_err(|_| at(&paths.main, "make durable", error))?);
                return Ok(());
            }
            open.journal.synced = open.journal.end;
            *slot = Some(open);
            Ok(())
        })
    }
}

impl RowStore for FileStore {
    fn read(&self, _: &str) -> io::Result<Option<(Records, Version)>> {
        Paths::resolve(&self.path).and_then(|paths| read(&paths)).map_err(|error| self.named(error))
    }

    fn write(&self, _: &str, write: &Write<'_>, expect: &Expect) -> io::Result<Written> {
        self.locked(|paths, slot| {
            let now = now(paths, slot.take())?;
            let stored = match &now {
                Now::Absent => None,
                Now::Ours { open, .. } => Some(open.version()),
                Now::Foreign(_) => Some(Version::UNKNOWN),
            };
            if !expect.matches(stored.as_ref()) {
                if let Now::Ours { open, .. } = now {
                    *slot = Some(open);
                }
                return Ok(Written::Conflict);
            }
            let open = match now {
                Now::Absent => rewrite(paths, Records::new(), write)?,
                Now::Foreign(records) => rewrite(paths, records, write)?,
                Now::Ours { open, records } => write_ours(paths, open, records, write)?,
            };
            let version = open.version();
            *slot = Some(open);
            Ok(Written::Version(version))
        })
    }

    fn delete(&self, _: &str) -> io::Result<()> {
        if self.is_nothing().map_err(|error| self.named(error))? {
            return Ok(());
        }
        self.locked(|paths, slot| {
            *slot = None;
            // The session itself comes last: until then nothing is deleted.
            let kept = [paths.previous(), paths.damaged()];
            for path in paths.leftovers()?.iter().chain(&kept).chain([&paths.main]) {
                disk::remove(path).map_err(|error| at(path, "remove", error))?;
            }
            let folder = folder(&paths.main);
            disk::sync_folder(folder).map_err(|error| at(folder, "make durable the folder", error))
        })
    }

    fn conditional(&self) -> bool {
        true
    }

    fn version(&self, _: &str) -> io::Result<Option<Version>> {
        let paths = Paths::resolve(&self.path).map_err(|error| self.named(error))?;
        if let Some(state) = self.state.lock(Instant::now() + DEADLINE)
            && let Some(open) = &state.open
            && open.len_now(&paths).is_ok_and(|len| len == Some(open.journal.end))
        {
            return Ok(Some(open.version()));
        }
        let found = read(&paths).map_err(|error| self.named(error))?;
        Ok(found.map(|(_, version)| version))
    }
}

/// Appends what changed, or rewrites the file where that is due.
fn write_ours(
    paths: &Paths,
    mut open: Open,
    records: Option<Records>,
    write: &Write<'_>,
) -> io::Result<Open> {
    let (changes, records) = match write {
        Write::Changes(changes) => (changes.to_vec(), records),
        Write::Replace(session) => {
            let mut records = match records {
                Some(records) => records,
                None => whole(paths)?,
            };
            (difference(&mut records, session), Some(records))
        }
    };
    if changes.is_empty() {
        return Ok(open);
    }
    let mut frame = Vec::new();
    let chain = format::frame(&mut frame, open.journal.chain, &changes);
    if open.is_full(frame.len()) || changes.iter().any(|change| open.touches_login(change)) {
        let records = match records {
            Some(records) => records,
            None => whole(paths)?,
        };
        return rewrite(paths, records, &Write::Changes(&changes));
    }
    open.append(paths, &frame, chain)?;
    open.note(&changes);
    Ok(open)
}

/// The records of the file. To be called under the lock.
fn whole(paths: &Paths) -> io::Result<Records> {
    match now(paths, None)? {
        Now::Absent => Ok(Records::new()),
        Now::Foreign(records) | Now::Ours { records: Some(records), .. } => Ok(records),
        Now::Ours { records: None, .. } => Err(io::ErrorKind::Other.into()),
    }
}

/// Makes the changes in `records` and writes them as a new file.
pub(super) fn rewrite(paths: &Paths, mut records: Records, write: &Write<'_>) -> io::Result<Open> {
    records.write(write);
    put(paths, &records, true)
}

/// Writes `records` as a new generation.
pub(super) fn put(paths: &Paths, records: &Records, keep: bool) -> io::Result<Open> {
    for leftover in paths.leftovers()? {
        disk::remove(&leftover).map_err(|error| at(&leftover, "remove", error))?;
    }
    if keep && let Ok(old) = File::open(&paths.main) {
        // It is kept as it is, but for the rights of others.
        let _ = disk::tighten(&old);
    }
    let (bytes, journal) = format::encode_file(&Parts::of_records(records), random::fresh());
    let file = replace(paths, &bytes, keep)?;
    Ok(Open { file, journal, login: records.login() })
}

impl fmt::Debug for FileStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FileStore").field(&self.path).finish()
    }
}
