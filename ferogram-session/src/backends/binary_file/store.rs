use super::now::{Now, Read, Sighting, check_file, now, read};
use super::open::Open;
use super::paths::Paths;
use super::replace::{locked, replace, settle};
use crate::backends::disk;
use crate::backends::lock::LockFile;
use crate::backends::paths::{at, fixed, folder};
use crate::cache::Encoded;
use crate::error::SessionError;
use crate::format::{self, Journal};
use crate::mode::{Expect, RowStore, Version, Written};
use crate::random;
use crate::records::{Parts, Records, Write, difference};
use crate::sync::{Timed, deadline};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A row store that is one file. Its key is the path.
pub(super) struct FileStore {
    /// As it was given.
    path: PathBuf,
    place: PathBuf,
    state: Timed<State>,
    /// The number of the sighting of the file whose name was last made durable here; 0 if
    /// none was.
    named: AtomicU64,
    /// The same of the file of which the bytes were, too.
    settled: AtomicU64,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) lock: LockFile,
    pub(super) open: Option<Open>,
}

impl FileStore {
    pub(super) fn new(path: PathBuf) -> Self {
        let place = fixed(&path);
        let [named, settled] = [0, 0].map(AtomicU64::new);
        Self { path, place, state: Timed::default(), named, settled }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `call` with the right to write the file.
    pub(super) fn locked<T>(
        &self,
        mut call: impl FnMut(&Paths, &mut Option<Open>) -> io::Result<T>,
    ) -> io::Result<T> {
        let deadline = deadline();
        let mut run = || {
            let mut state = self.state.lock(deadline).ok_or_else(|| {
                SessionError::timed_out("another thread did not finish writing the file")
            })?;
            let State { lock, open } = &mut *state;
            let mut paths = Paths::resolve(&self.place)?;
            let mut again = false;
            let result = locked(lock, &mut paths, deadline, |paths| {
                // Under another lock than the first time: others may have written over
                // what this would go on from.
                if std::mem::replace(&mut again, true) {
                    *open = None;
                }
                call(paths, open)
            });
            // Also if the call was done and the lock was gone by then.
            if result.is_err() {
                *open = None;
            }
            result
        };
        run().map_err(|error| self.named(error))
    }

    /// The session of this store is its path: that is what errors are to name.
    fn named(&self, error: io::Error) -> io::Error {
        SessionError::in_session(error, &self.path.display().to_string())
    }

    /// Reads the file, and sees to it that what was read can be believed: whoever
    /// put it there may have ended before a power cut could no longer bring back
    /// the one before. `whole`: whatever the file says of that.
    fn read_settled(&self, whole: bool) -> io::Result<Option<Read>> {
        let paths = Paths::resolve(&self.place)?;
        let Some(found) = read(&paths)? else { return Ok(None) };
        if whole || !found.settled {
            self.settle(&paths, &found.sighting, whole)?;
        }
        Ok(Some(found))
    }

    /// Makes the name of the file durable; `whole`: the file as well. In a folder
    /// that cannot be written to nobody puts anything.
    fn settle(&self, paths: &Paths, sighting: &Sighting, whole: bool) -> io::Result<()> {
        let sighting = sighting.number();
        let is_known = |known: &AtomicU64| known.load(Ordering::Relaxed) == sighting;
        if sighting != 0 && (is_known(&self.settled) || (!whole && is_known(&self.named))) {
            return Ok(());
        }
        use io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem};
        let sync_file = || match whole {
            true => disk::open(&paths.main, true)
                .and_then(|file| disk::sync(&file))
                .map_err(|error| at(&paths.main, "make durable", error)),
            false => Ok(()),
        };
        match sync_file().and_then(|()| settle(paths)) {
            Err(error) if matches!(error.kind(), PermissionDenied | ReadOnlyFilesystem) => Ok(()),
            Err(error) if whole => self.write_anew(error),
            Err(error) => Err(error),
            Ok(()) => {
                let known = if whole { &self.settled } else { &self.named };
                known.store(sighting, Ordering::Relaxed);
                Ok(())
            }
        }
    }

    /// See [`anew`]; not under the lock.
    fn write_anew(&self, error: io::Error) -> io::Result<()> {
        let written = self.locked(|paths, slot| {
            *slot = anew(paths, None);
            Ok(slot.is_some())
        });
        if written? { Ok(()) } else { Err(error) }
    }

    /// Whether there is nothing that a deletion could remove.
    fn is_nothing(&self) -> io::Result<bool> {
        let paths = Paths::resolve(&self.place)?;
        let there = |path: &Path| disk::exists(path).map_err(|error| at(path, "look for", error));
        if !there(folder(&paths.main))? {
            paths.leads_nowhere()?;
            return Ok(true);
        }
        match disk::metadata(&paths.main) {
            Ok(metadata) if !metadata.is_file() => check_file(&paths, &metadata)?,
            _ => {}
        }
        for path in [paths.main.clone()].into_iter().chain(paths.kept()) {
            if there(&path)? {
                return Ok(false);
            }
        }
        Ok(paths.all_leftovers()?.is_empty())
    }

    pub(super) fn checkpoint(&self) -> io::Result<()> {
        self.locked(|paths, slot| {
            // All of it is read: behind a bit that flipped no mark may stand.
            let known = slot.take();
            let Now::Ours { mut open, records: Some(records) } = now(paths, None)? else {
                return settle(paths);
            };
            open.settled = known.is_some_and(|mut known| {
                known.settled && known.look(paths).is_ok_and(|seen| seen.is_some())
            });
            let Journal { end, synced, .. } = open.journal;
            if let Err(error) = open.settle(paths) {
                *slot = Some(anew(paths, Some(records)).ok_or(error)?);
                return Ok(());
            }
            if end == synced {
                *slot = Some(open);
                return Ok(());
            }
            if open.is_full(Journal::MARK_LEN) || open.is_torn() {
                *slot = Some(put(paths, &records, true)?);
                return Ok(());
            }
            if let Err(error) = disk::sync(&open.file) {
                let error = at(&paths.main, "make durable", error);
                *slot = Some(anew(paths, Some(records)).ok_or(error)?);
                return Ok(());
            }
            // Only now: a mark that reached the disk before what it speaks for
            // would make damage of a power cut. It only helps to find damage,
            // so there may be no room for it.
            let _ = open.mark(paths);
            *slot = Some(open);
            Ok(())
        })
    }
}

impl RowStore for FileStore {
    fn read(&self, _: &str) -> io::Result<Option<(Records, Version)>> {
        let found = self.read_settled(false).map_err(|error| self.named(error))?;
        Ok(found.map(|Read { records, version, .. }| (records, version)))
    }

    fn __load(&self, _: &str) -> io::Result<Option<(Records, Version, Option<Encoded>)>> {
        let found = self.read_settled(false).map_err(|error| self.named(error))?;
        Ok(found.map(|Read { records, version, encoded, .. }| (records, version, encoded)))
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
                Now::Ours { open, records } => match write_ours(paths, open, records, write)? {
                    Some(open) => open,
                    None => return Ok(Written::Conflict),
                },
            };
            let version = open.version();
            *slot = Some(open);
            Ok(Written::Version(version))
        })
    }

    fn delete(&self, _: &str) -> io::Result<()> {
        if self.is_nothing().map_err(|error| self.named(error))? {
            // Whoever removed it may not have come as far as this.
            let paths = Paths::resolve(&self.place)?;
            let folder = folder(&paths.main);
            let is_there = disk::exists(folder).map_err(|error| at(folder, "look for", error));
            return is_there
                .and_then(|is_there| if is_there { settle(&paths) } else { Ok(()) })
                .map_err(|error| self.named(error));
        }
        self.locked(|paths, slot| {
            *slot = None;
            let remove =
                |path: &Path| disk::remove(path).map_err(|error| at(path, "remove", error));
            paths.all_leftovers()?.iter().chain(&paths.kept()).try_for_each(|path| remove(path))?;
            // The session itself comes last: until then nothing is deleted. Not
            // every file system keeps the order, and the previous generation
            // without the session would be damage.
            settle(paths)?;
            paths.still_locked()?;
            remove(&paths.main)?;
            settle(paths)
        })
    }

    fn conditional(&self) -> bool {
        true
    }

    fn version(&self, _: &str) -> io::Result<Option<Version>> {
        let paths = Paths::resolve(&self.place).map_err(|error| self.named(error))?;
        let known = self.state.lock(deadline()).and_then(|mut state| {
            let open = state.open.as_mut()?;
            let is_ours = open.look(&paths).is_ok_and(|seen| seen.is_some()) && !open.is_torn();
            is_ours.then(|| (open.version(), open.settle(&paths)))
        });
        if let Some((version, settled)) = known {
            let settled = settled.or_else(|error| self.write_anew(error));
            return settled.map(|()| Some(version)).map_err(|error| self.named(error));
        }
        // Asked before a call promises that all of it is stored already.
        let found = self.read_settled(true).map_err(|error| self.named(error))?;
        Ok(found.map(|found| found.version))
    }
}

/// Appends what changed, or rewrites the file where that is due. Nothing, if what has to
/// be read for that is no longer what this store left there: a bit may have flipped in a
/// change behind the last mark, and what follows from there on is gone.
fn write_ours(
    paths: &Paths,
    mut open: Open,
    records: Option<Records>,
    write: &Write<'_>,
) -> io::Result<Option<Open>> {
    let (changes, records) = match write {
        Write::Changes(changes) => (changes.to_vec(), records),
        Write::Replace(session) => {
            let Some(mut records) = whole(paths, &open, records)? else { return Ok(None) };
            (difference(&mut records, session), Some(records))
        }
    };
    if changes.is_empty() {
        // It may say again what a call said that failed half-way.
        if write.is_login()
            && let Err(error) = open.settle(paths)
        {
            return anew(paths, records).ok_or(error).map(Some);
        }
        return Ok(Some(open));
    }
    let mut frame = Vec::new();
    let chain = format::frame(&mut frame, open.journal.chain, &changes, open.login.dcs());
    let rewrites = open.is_full(frame.len())
        || open.is_torn()
        || open.login.is_other_login(&changes)
        // As in `anew`.
        || (write.is_login() && open.settle(paths).is_err());
    if rewrites {
        let Some(records) = whole(paths, &open, records)? else { return Ok(None) };
        return rewrite(paths, records, &Write::Changes(&changes)).map(Some);
    }
    open.append(paths, &frame, chain)?;
    open.note(&changes);
    Ok(Some(open))
}

/// The records of the file: those that were read under this lock, or else what is there
/// if it is still as this store left it.
fn whole(paths: &Paths, left: &Open, known: Option<Records>) -> io::Result<Option<Records>> {
    if known.is_some() {
        return Ok(known);
    }
    Ok(match now(paths, None)? {
        Now::Ours { open, records } if open.version() == left.version() => records,
        _ => None,
    })
}

/// Writes the file as it is again, because a sync of it failed: what it holds on
/// the disk is unknown, and a second sync would not tell. Nothing if that fails too.
fn anew(paths: &Paths, records: Option<Records>) -> Option<Open> {
    let records = match records {
        Some(records) => records,
        None => match now(paths, None).ok()? {
            Now::Ours { records, .. } => records?,
            Now::Foreign(records) => records,
            Now::Absent => return None,
        },
    };
    put(paths, &records, true).ok()
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
    if keep && let Ok(old) = disk::open(&paths.main, false) {
        // It is kept as it is, but for the rights of others.
        let _ = disk::tighten(&old);
    }
    let (bytes, journal) = format::encode_file(&Parts::of_records(records), random::fresh());
    let file = replace(paths, &bytes, keep)?;
    let mut open = Open::made(file, journal, records.login());
    // Tells whoever reads the file that its name is durable, or it would have to
    // sync the folder; there may be no room for it.
    let _ = open.mark(paths);
    Ok(open)
}

impl fmt::Debug for FileStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FileStore").field(&self.path).finish()
    }
}
