use super::disk;
use super::lock::LockFile;
use super::paths::{Paths, at, folder};
use super::replace::replace;
use crate::error::SessionError;
use crate::format::{self, Journal};
use crate::mode::{Expect, RowStore, Version, Written};
use crate::random;
use crate::records::{Change, Parts, Record, RecordId, Records, Write, difference};
use crate::sync::{DEADLINE, Timed};
use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The journal may grow to this, or to the size of the base, before the file
/// is rewritten.
const MIN_JOURNAL: u64 = 64 * 1024;

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

/// The file as we left it.
pub(super) struct Open {
    file: File,
    journal: Journal,
    /// The records that a login depends on, to tell whether a change touches
    /// one.
    login: Records,
}

/// What stands at the path now.
#[expect(clippy::large_enum_variant, reason = "one for each call, on the stack")]
pub(super) enum Now {
    Absent,
    /// A file of ours, and its records if it had to be read.
    Ours {
        open: Open,
        records: Option<Records>,
    },
    /// A whole file that others wrote: can be read, not appended to.
    Foreign(Records),
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
        let mut state = self.state.lock(deadline).ok_or_else(|| {
            SessionError::timed_out("another thread did not finish writing the file")
        })?;
        if self.path.as_os_str().is_empty() {
            return Err(SessionError::config("the path of the session is empty").into());
        }
        let State { lock, open } = &mut *state;
        let paths = Paths::resolve(&self.path)?;
        let _locked = lock.lock(&paths, deadline)?;
        call(&paths, open)
    }

    /// Whether there is nothing that a deletion could remove.
    fn is_nothing(&self) -> io::Result<bool> {
        let paths = Paths::resolve(&self.path)?;
        let there = |path: &Path| path.try_exists().map_err(|error| at(path, "look for", error));
        if !there(folder(&paths.main))? {
            return Ok(true);
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

impl Open {
    /// Whether the bytes are still the ones that we left: somebody may have
    /// copied another file over this one, which keeps its identity.
    fn is_ours(&self) -> io::Result<bool> {
        let Journal { generation, end, chain, .. } = self.journal;
        let there = disk::read_from(&self.file, self.journal.generation_at(), 16)?;
        Ok(there == generation.to_le_bytes()
            && disk::read_from(&self.file, end - 4, 4)? == chain.to_le_bytes())
    }

    /// The length of the file at the path, if it is this one, and not shorter
    /// than we left it.
    fn len_now(&self, paths: &Paths) -> io::Result<Option<u64>> {
        match disk::len_if_same(&self.file, &paths.main)? {
            Some(len) if len >= self.journal.end && self.is_ours()? => Ok(Some(len)),
            _ => Ok(None),
        }
    }

    fn version(&self) -> Version {
        version(&self.journal)
    }

    /// Writes behind the last whole frame; a torn tail there is cut off first.
    fn append(&mut self, paths: &Paths, bytes: &[u8], chain: u32) -> io::Result<()> {
        let failed = |error| at(&paths.main, "append to", error);
        let end = self.journal.end;
        if self.file.metadata().map_err(failed)?.len() != end {
            self.file.set_len(end).map_err(failed)?;
        }
        disk::tighten(&self.file).map_err(failed)?;
        if let Err(error) = disk::write_at(&self.file, bytes, end) {
            // Half a frame would be cut by the next writer; better now.
            let _ = self.file.set_len(end);
            return Err(failed(error));
        }
        self.journal.end += bytes.len() as u64;
        self.journal.chain = chain;
        Ok(())
    }

    fn note(&mut self, changes: &[Change]) {
        changes.iter().filter(|change| change.is_login()).for_each(|change| {
            self.login.apply(change.clone());
        });
    }

    /// Whether a change takes or gives a login: an address or a salt may
    /// change without.
    fn touches_login(&mut self, change: &Change) -> bool {
        match change {
            Change::Put(record @ Record::HomeDc(dc)) => match self.login.get(record.id()) {
                Some(known) => known != *record,
                None => *dc != 0,
            },
            Change::Put(record @ Record::Dc(dc)) => {
                let known = match self.login.get(record.id()) {
                    Some(Record::Dc(known)) => known.auth_key,
                    _ => None,
                };
                known != dc.auth_key
            }
            Change::Put(record @ Record::Token(_)) => {
                self.login.get(RecordId::Token).as_ref() != Some(record)
            }
            Change::Remove(id @ RecordId::Dc { .. }) => {
                matches!(self.login.get(*id), Some(Record::Dc(known)) if known.auth_key.is_some())
            }
            Change::Remove(id) => id.is_login() && self.login.get(*id).is_some(),
            _ => false,
        }
    }

    /// Whether so much more would make the journal larger than it may be.
    fn is_full(&self, more: usize) -> bool {
        let grown = self.journal.end - self.journal.start + more as u64;
        grown > self.journal.start.max(MIN_JOURNAL)
    }
}

/// Unique to a state: a generation is random, and within one the journal only
/// grows.
fn version(journal: &Journal) -> Version {
    let place = u128::from(journal.end) << 32 | u128::from(journal.chain);
    Version::new(&format!("{:032x}", journal.generation ^ place))
}

/// What stands at the path; `known` is the file as this store left it. To be
/// called under the lock.
pub(super) fn now(paths: &Paths, known: Option<Open>) -> io::Result<Now> {
    if let Some(mut open) = known {
        let failed = |error| at(&paths.main, "read", error);
        match open.len_now(paths).map_err(failed)? {
            Some(len) if len == open.journal.end => {
                return Ok(Now::Ours { open, records: None });
            }
            // Others appended.
            Some(len) => {
                check_len(paths, len)?;
                let Open { file, journal, login, .. } = &mut open;
                let tail = disk::read_from(file, journal.end, (len - journal.end) as usize);
                let apply = |change: Change| {
                    if change.is_login() {
                        login.apply(change);
                    }
                };
                format::read_on(&tail.map_err(failed)?, journal, apply)
                    .map_err(|damage| damaged(paths, damage))?;
                return Ok(Now::Ours { open, records: None });
            }
            // Replaced, cut, or written over: read all of it.
            None => {}
        }
    }
    let file = match fs::OpenOptions::new().read(true).write(true).open(&paths.main) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return absent(paths).map(|()| Now::Absent);
        }
        Err(error) => return Err(at(&paths.main, "open", error)),
    };
    let len = file.metadata().map_err(|error| at(&paths.main, "read", error))?.len();
    check_len(paths, len)?;
    let bytes =
        disk::read_from(&file, 0, len as usize).map_err(|error| at(&paths.main, "read", error))?;
    let (records, journal) =
        format::decode_file(&bytes).map_err(|damage| damaged(paths, damage))?;
    Ok(match journal {
        Some(journal) => {
            let login = records.login();
            Now::Ours { open: Open { file, journal, login }, records: Some(records) }
        }
        None => Now::Foreign(records),
    })
}

/// That there is no file is damage if a generation of it was kept.
fn absent(paths: &Paths) -> io::Result<()> {
    let previous = paths.previous();
    if previous.try_exists().map_err(|error| at(&previous, "look for", error))? {
        return Err(SessionError::corrupt(format!(
            "{} is gone, but {} is there",
            paths.main.display(),
            previous.display()
        ))
        .help("put the file back, or call `recover()`; to begin anew, call `delete()`")
        .into());
    }
    Ok(())
}

pub(super) fn damaged(paths: &Paths, damage: format::Damage) -> io::Error {
    SessionError::corrupt(format!("{}: {}", paths.main.display(), damage.what))
        .at(damage.offset as u64)
        .help("the file was left as it is: put a copy in its place, or call `recover()`; to begin anew, call `delete()`")
        .into()
}

/// No session is larger: a million peers take 24 MB. A file that is would
/// otherwise be asked for in memory before anything in it was looked at.
const MAX_LEN: u64 = 1 << 30;

fn check_len(paths: &Paths, len: u64) -> io::Result<()> {
    if len > MAX_LEN {
        let damage = format::Damage::new(MAX_LEN as usize, "this is larger than any session");
        return Err(damaged(paths, damage));
    }
    Ok(())
}

fn read_whole(paths: &Paths) -> io::Result<Vec<u8>> {
    check_len(paths, fs::metadata(&paths.main)?.len())?;
    fs::read(&paths.main)
}

/// Reads the file without the lock. What looks damaged may be a writer at
/// work: a frame that is not whole yet, or a file that came and went between
/// two looks. So it is damage only if it stays as it is.
fn read(paths: &Paths) -> io::Result<Option<(Records, Version)>> {
    const LOOKS: u32 = 4;
    let mut seen = None;
    let mut alike = 0;
    loop {
        let (found, state) = look(paths)?;
        let odd = match &found {
            Ok(Some((_, torn))) => *torn,
            Ok(None) => false,
            Err(_) => true,
        };
        alike = if seen == Some(state) { alike + 1 } else { 0 };
        seen = Some(state);
        if !odd || alike + 1 >= LOOKS {
            return found.map(|found| found.map(|(read, _)| read));
        }
        std::thread::sleep(Duration::from_micros(200));
    }
}

/// A session, and whether the file ends in a torn tail.
type Found = io::Result<Option<((Records, Version), bool)>>;

/// One look at the file: what was found, and a checksum to tell whether the
/// next look finds the same.
fn look(paths: &Paths) -> io::Result<(Found, u32)> {
    let bytes = match read_whole(paths) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok((absent(paths).map(|()| None), 0));
        }
        Err(error) => return Err(at(&paths.main, "read", error)),
    };
    Ok(match format::decode_file(&bytes) {
        Ok((records, journal)) => {
            let torn = journal.is_some_and(|journal| journal.end != bytes.len() as u64);
            let state = if torn { crc32fast::hash(&bytes) } else { 0 };
            let version = journal.as_ref().map_or(Version::UNKNOWN, version);
            (Ok(Some(((records, version), torn))), state)
        }
        Err(damage) => (Err(damaged(paths, damage)), crc32fast::hash(&bytes)),
    })
}

impl RowStore for FileStore {
    fn read(&self, _: &str) -> io::Result<Option<(Records, Version)>> {
        read(&Paths::resolve(&self.path)?)
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
        if self.is_nothing()? {
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
        let paths = Paths::resolve(&self.path)?;
        if let Some(state) = self.state.lock(Instant::now() + DEADLINE)
            && let Some(open) = &state.open
            && open.len_now(&paths).is_ok_and(|len| len == Some(open.journal.end))
        {
            return Ok(Some(open.version()));
        }
        Ok(read(&paths)?.map(|(_, version)| version))
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
