//! The file as this store left it: what tells whether it still is, and how a
//! frame gets behind the others.

use super::paths::Paths;
use super::replace::settle;
use crate::backends::disk::{self, Identity};
use crate::backends::paths::at;
use crate::format::{self, Journal};
use crate::mode::Version;
use crate::records::{Change, Records};
use std::fs::{File, Metadata};
use std::io;

/// The journal may grow to this, or to a part of the base, before the file is
/// rewritten: a longer one would save writing, and have every start play it.
const MIN_JOURNAL: u64 = 64 * 1024;
const PART_OF_BASE: u64 = 4;

/// The file as we left it.
pub(super) struct Open {
    pub(super) file: File,
    /// Which file that is, once it was asked.
    identity: Option<Identity>,
    /// How long the file was when it was last looked at: under the lock, before
    /// anything is written behind it.
    len: u64,
    /// Whether others than its owner had rights then.
    exposed: bool,
    pub(super) journal: Journal,
    /// The records that a login depends on, to tell whether a change touches
    /// one.
    pub(super) login: Records,
    /// Whether the file and its name are known to be durable: whoever put it
    /// there may have ended before that.
    pub(super) settled: bool,
}

impl Open {
    /// A file that was just read.
    pub(super) fn read(file: File, seen: &Metadata, journal: Journal, login: Records) -> Self {
        let (len, exposed) = (seen.len(), disk::is_exposed(seen));
        Self { file, identity: None, len, exposed, journal, login, settled: false }
    }

    /// A file that was just made, for nobody else, and made durable.
    pub(super) fn made(file: File, journal: Journal, login: Records) -> Self {
        let (len, exposed) = (journal.end, false);
        Self { file, identity: None, len, exposed, journal, login, settled: true }
    }

    /// Whether the bytes are still the ones that we left: somebody may have
    /// copied another file over this one, which keeps its identity.
    fn is_ours(&self) -> io::Result<bool> {
        let Journal { generation, end, chain, .. } = self.journal;
        let there = disk::read_from(&self.file, self.journal.generation_at(), 16)?;
        Ok(there == generation.to_le_bytes()
            && disk::read_from(&self.file, end - 4, 4)? == chain.to_le_bytes())
    }

    /// Looks at the file at the path, if it is this one, and not shorter than we
    /// left it.
    pub(super) fn look(&mut self, paths: &Paths) -> io::Result<Option<Metadata>> {
        let identity = match self.identity {
            Some(identity) => identity,
            None => *self.identity.insert(Identity::of(&self.file)?),
        };
        match identity.look_at(&paths.main)? {
            Some(seen) if seen.len() >= self.journal.end && self.is_ours()? => {
                (self.len, self.exposed) = (seen.len(), disk::is_exposed(&seen));
                Ok(Some(seen))
            }
            _ => Ok(None),
        }
    }

    /// Sees to it that a power cut does not bring the file before this one
    /// back, nor takes anything out of one that others put there: `cp` takes the
    /// marks along, and syncs nothing.
    pub(super) fn settle(&mut self, paths: &Paths) -> io::Result<()> {
        if !self.settled {
            disk::sync(&self.file).map_err(|error| at(&paths.main, "make durable", error))?;
            settle(paths)?;
            self.settled = true;
        }
        Ok(())
    }

    pub(super) fn version(&self) -> Version {
        version(&self.journal)
    }

    /// Whether a torn tail follows the last whole frame, or a bad mark is among
    /// them. Were the tail cut off and written over, a power cut might bring back
    /// what is left of it behind that, and behind a bad mark no other may stand:
    /// the file has to be written anew.
    pub(super) fn is_torn(&self) -> bool {
        self.len != self.journal.end || self.journal.stepped
    }

    /// Writes behind the last whole frame, of a file that is not torn.
    pub(super) fn append(&mut self, paths: &Paths, bytes: &[u8], chain: u32) -> io::Result<()> {
        let failed = |error| at(&paths.main, "append to", error);
        let end = self.journal.end;
        if self.exposed {
            disk::tighten(&self.file).map_err(failed)?;
            self.exposed = false;
        }
        paths.still_locked()?;
        if let Err(error) = disk::write_at(&self.file, bytes, end) {
            // Half a frame would be cut by the next writer; better now.
            let _ = disk::set_len(&self.file, end);
            return Err(failed(error));
        }
        self.journal.end += bytes.len() as u64;
        self.journal.chain = chain;
        self.len = self.journal.end;
        Ok(())
    }

    /// Says behind all that stands there that it is durable, the name of the
    /// file as well.
    pub(super) fn mark(&mut self, paths: &Paths) -> io::Result<()> {
        let Journal { generation, end, chain, .. } = self.journal;
        let mut mark = Vec::with_capacity(Journal::MARK_LEN);
        let chain = format::sync_mark(&mut mark, generation, end, chain);
        self.append(paths, &mark, chain)?;
        self.journal.synced = self.journal.end;
        Ok(())
    }

    pub(super) fn note(&mut self, changes: &[Change]) {
        changes.iter().filter(|change| change.is_login()).for_each(|change| {
            self.login.apply(change.clone());
        });
    }

    /// Whether so much more would make the journal larger than it may be.
    pub(super) fn is_full(&self, more: usize) -> bool {
        let grown = self.journal.end - self.journal.start + more as u64;
        let full = grown > MIN_JOURNAL.max(self.journal.start / PART_OF_BASE);
        #[cfg(test)]
        crate::backends::faults::with(|watch| watch.full |= full);
        full
    }
}

/// Unique to a state: a generation is random, and within one the journal only
/// grows.
pub(super) fn version(journal: &Journal) -> Version {
    let place = u128::from(journal.end) << 32 | u128::from(journal.chain);
    Version::of_bits(journal.generation ^ place)
}
