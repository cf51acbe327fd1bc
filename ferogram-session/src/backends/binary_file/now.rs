//! What stands at the path: under the lock, or at a glance without it.

use super::open::{Open, version};
use super::paths::Paths;
use crate::backends::disk::{self, Stamp};
use crate::backends::paths::at;
use crate::cache::Encoded;
use crate::error::SessionError;
use crate::format::{self, Journal};
use crate::mode::Version;
use crate::records::{Change, Records};
use crate::sync::deadline;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::time::{Duration, Instant};

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

/// What stands at the path; `known` is the file as this store left it. To be
/// called under the lock.
pub(super) fn now(paths: &Paths, known: Option<Open>) -> io::Result<Now> {
    if let Some(mut open) = known {
        let failed = |error| at(&paths.main, "read", error);
        match open.look(paths).map_err(failed)? {
            Some(seen) if seen.len() == open.journal.end => {
                return Ok(Now::Ours { open, records: None });
            }
            // Others appended.
            Some(seen) => {
                check_file(paths, &seen)?;
                let Open { file, journal, login, .. } = &mut open;
                let tail = disk::read_from(file, journal.end, (seen.len() - journal.end) as usize);
                let dcs = login.dcs().to_vec();
                let apply = |change: Change| {
                    if change.is_login() {
                        login.apply(change);
                    }
                };
                format::read_on(&tail.map_err(failed)?, journal, &dcs, apply).map_err(damaged)?;
                return Ok(Now::Ours { open, records: None });
            }
            // Replaced, cut, or written over: read all of it.
            None => {}
        }
    }
    let file = match disk::open(&paths.main, true) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return absent(paths).map(|()| Now::Absent);
        }
        Err(error) => return Err(at(&paths.main, "open", error)),
    };
    let failed = |error| at(&paths.main, "read", error);
    let metadata = disk::metadata_of(&file).map_err(failed)?;
    check_file(paths, &metadata)?;
    let bytes = disk::read_from(&file, 0, metadata.len() as usize).map_err(failed)?;
    let (records, journal) = format::decode_file(&bytes).map_err(damaged)?;
    Ok(match journal {
        Some(journal) => {
            let login = records.login();
            let open = Open::read(file, &metadata, journal, login);
            Now::Ours { open, records: Some(records) }
        }
        None => Now::Foreign(records),
    })
}

/// That there is no file is damage if a generation of it was kept.
fn absent(paths: &Paths) -> io::Result<()> {
    for previous in paths.all_previous() {
        if disk::exists(&previous).map_err(|error| at(&previous, "look for", error))? {
            return Err(SessionError::corrupt(format!(
                "{} is gone, but {} is there",
                paths.main.display(),
                previous.display()
            ))
            .help("put the file back, or call `recover()`; to begin anew, call `delete()`")
            .into());
        }
    }
    paths.leads_nowhere()
}

pub(super) fn damaged(damage: format::Damage) -> io::Error {
    SessionError::from(damage)
        .help("the file was left as it is: put a copy in its place, or call `recover()`; to begin anew, call `delete()`")
        .into()
}

/// No session is larger: a million peers take 24 MB. A file that is would
/// otherwise be asked for in memory before anything in it was looked at.
const MAX_LEN: u64 = 1 << 30;

/// Refuses what cannot be a session before anything of it is read: a device
/// or a pipe would be read for ever.
pub(super) fn check_file(paths: &Paths, metadata: &fs::Metadata) -> io::Result<()> {
    if !metadata.is_file() && !metadata.is_dir() {
        let message = format!("{} is not a regular file", paths.main.display());
        return Err(SessionError::config(message).help("name the file of a session").into());
    }
    if metadata.len() > MAX_LEN {
        let damage = format::Damage::new(MAX_LEN as usize, "this is larger than any session");
        return Err(damaged(damage));
    }
    Ok(())
}

/// The file, and its stamp from before it was read: whatever came after has another.
fn read_whole(paths: &Paths) -> io::Result<(Vec<u8>, Option<Stamp>)> {
    let metadata = disk::metadata(&paths.main)?;
    check_file(paths, &metadata)?;
    Ok((disk::read(&paths.main)?, Stamp::of(&metadata)))
}

/// Reads the file without the lock. What looks damaged may be a writer at
/// work: a frame that is not whole yet, or a file that came and went between
/// two looks. So it is damage only if it stays as it is.
pub(super) fn read(paths: &Paths) -> io::Result<Option<Read>> {
    const LOOKS: u32 = 4;
    let deadline = deadline();
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
        if !odd || alike + 1 >= LOOKS || Instant::now() >= deadline {
            return found.map(|found| found.map(|(read, _)| read));
        }
        std::thread::sleep(Duration::from_micros(200));
    }
}

/// What a file holds.
pub(super) struct Read {
    pub(super) records: Records,
    pub(super) version: Version,
    /// The bytes, if making records of them again takes less than a copy of the
    /// records: of a long journal it takes more.
    pub(super) encoded: Option<Encoded>,
    pub(super) sighting: Sighting,
    /// Whether it says that its name is durable.
    pub(super) settled: bool,
}

/// What tells a file from those that stand there later: a copy of it has its generation,
/// and another stamp.
pub(super) struct Sighting {
    /// None if others wrote it.
    generation: Option<u128>,
    stamp: Option<Stamp>,
}

impl Sighting {
    /// One number for both; 0 where one of them is missing.
    pub(super) fn number(&self) -> u64 {
        let (Some(generation), Some(stamp)) = (self.generation, &self.stamp) else { return 0 };
        let mut hasher = DefaultHasher::new();
        (generation, stamp).hash(&mut hasher);
        hasher.finish()
    }
}

fn decode(bytes: &[u8]) -> io::Result<Records> {
    format::decode_file(bytes).map(|(records, _)| records).map_err(damaged)
}

/// What a file holds, and whether it ends in a torn tail.
type Found = io::Result<Option<(Read, bool)>>;

/// One look at the file: what was found, and a checksum to tell whether the
/// next look finds the same.
fn look(paths: &Paths) -> io::Result<(Found, u32)> {
    let (bytes, stamp) = match read_whole(paths) {
        Ok(read) => read,
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
            let settled = journal.is_some_and(|journal| journal.is_marked());
            let generation = journal.as_ref().map(|journal| journal.generation);
            let sighting = Sighting { generation, stamp };
            let is_short =
                journal.is_some_and(|Journal { start, end, .. }| end - start < start / 32);
            let encoded = is_short.then_some(Encoded { bytes, decode });
            (Ok(Some((Read { records, version, encoded, sighting, settled }, torn))), state)
        }
        Err(damage) => (Err(damaged(damage)), crc32fast::hash(&bytes)),
    })
}
