//! One call from beginning to end: read, compare, write, try again.

use super::Mode;
use super::compile::compile;
use super::plan::{Intent, Loaded};
use crate::cache::{Form, Kept, Known, SessionCache};
use crate::data::PersistedSession;
use crate::error::SessionError;
use crate::mode::{Expect, Version, Written};
use crate::random;
use crate::records::{Change, Records, difference};
use crate::sync::locks::thread;
use crate::sync::{DEADLINE, TimedGuard, Turn, deadline};
use std::cell::Cell;
use std::io;
use std::time::{Duration, Instant};

/// A call in progress.
pub(super) struct Run<'a> {
    mode: Mode<'a>,
    key: &'a str,
    cache: Option<&'a SessionCache>,
    bytes: Cell<usize>,
    round_trips: Cell<u64>,
}

/// What is known of the store before a write.
enum Before {
    Nothing,
    Absent,
    /// Read just now.
    Read(Known),
    /// From the cache: as of some time ago.
    Cached(Known),
}

/// How one attempt ended.
enum Attempt {
    Done,
    /// The cache was behind, or another writer came first.
    Again {
        contended: bool,
    },
}

/// The cache of a backend, for the length of a call.
type Slot<'a> = Option<TimedGuard<'a, Option<Kept>>>;

impl<'a> Run<'a> {
    pub(super) fn new(mode: Mode<'a>, key: &'a str, cache: Option<&'a SessionCache>) -> Self {
        Self { mode, key, cache, bytes: Cell::new(0), round_trips: Cell::new(0) }
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes.get()
    }

    pub(super) fn round_trips(&self) -> u64 {
        self.round_trips.get()
    }

    /// Reads without waiting for a writer; what was read goes into the cache
    /// if that is free. (It may be older by then than what a writer left
    /// there: the version tells.)
    pub(super) fn load(&self) -> io::Result<Option<PersistedSession>> {
        let loaded = self.mode.load(self.key)?;
        self.count(loaded.as_ref().map_or(0, |loaded| loaded.bytes));
        let Some(Loaded { records, version, encoded, .. }) = loaded else { return Ok(None) };
        let slot = self.cache.and_then(|cache| cache.0.try_lock());
        let Some(mut slot) = slot.filter(|_| version.is_known()) else {
            return Ok(Some(records.into_session()));
        };
        let key = self.key.to_owned();
        if let Some(encoded) = encoded {
            // Its version speaks for every byte, so what is there is the same, and may
            // know its way about the records already.
            if !slot.as_ref().is_some_and(|kept| kept.is(self.key, &version)) {
                *slot = Some(Kept { key, version, records: Form::Encoded(encoded) });
            }
            return Ok(Some(records.into_session()));
        }
        let session = records.to_session();
        let records = Form::Records(Box::new(records));
        *slot = Some(Kept { key, version, records });
        Ok(Some(session))
    }

    pub(super) fn delete(&self) -> io::Result<()> {
        let mut slot = self.slot()?;
        let _turn = self.needs_turn().then(|| self.turn()).transpose()?;
        forget(&mut slot);
        self.count(0);
        self.mode.delete(self.key)
    }

    pub(super) fn write(&self, intent: Intent<'_>) -> io::Result<()> {
        let mut slot = self.slot()?;
        let _turn = self.needs_turn().then(|| self.turn()).transpose()?;
        let mut pause = Duration::from_millis(1);
        loop {
            let before = self.before(&mut slot, &intent)?;
            match self.attempt(before, &mut slot, &intent)? {
                Attempt::Done => return Ok(()),
                Attempt::Again { contended: false } => {}
                Attempt::Again { contended: true } => pause = self.wait(pause)?,
            }
        }
    }

    /// Takes what is known out of the cache; where nothing is and something
    /// must be, reads. An error or a conflict then leaves the cache empty.
    fn before(&self, slot: &mut Slot<'_>, intent: &Intent<'_>) -> io::Result<Before> {
        let cached = slot.as_mut().and_then(|cache| cache.take());
        if let Some(known) = cached.and_then(|kept| kept.known(self.key)) {
            // A store that cannot compare is asked first, within the turn.
            if self.mode.conditional() || self.still(&known.version)? {
                return Ok(Before::Cached(known));
            }
        }
        if !self.mode.must_know(intent) {
            return Ok(Before::Nothing);
        }
        Ok(match self.read()? {
            Some(known) => Before::Read(known),
            None => Before::Absent,
        })
    }

    fn attempt(
        &self,
        before: Before,
        slot: &mut Slot<'_>,
        intent: &Intent<'_>,
    ) -> io::Result<Attempt> {
        let (mut known, mut expect, mut cached) = match before {
            Before::Nothing => return self.blind(slot, intent),
            Before::Absent => {
                let records = Box::new(Records::new());
                let known = Known { key: self.key.to_owned(), version: Version::UNKNOWN, records };
                (known, Expect::Absent, false)
            }
            Before::Read(known) => {
                let expect = Expect::Version(known.version.clone());
                (known, expect, false)
            }
            Before::Cached(known) => {
                let expect = Expect::Version(known.version.clone());
                (known, expect, true)
            }
        };
        let effects = match intent {
            Intent::Save(session) => difference(&mut known.records, session),
            Intent::Change(changes) => compile(&mut known.records, changes),
        };
        // Whoever says a login again is promised that it lasts, too. (A write of
        // one sees to that itself.)
        if intent.is_login()
            && expect != Expect::Absent
            && !effects.iter().any(Change::is_login)
            && let Some(written) = self.mode.settle(self.key, &known.version)?
        {
            self.count(0);
            let Written::Version(version) = written else {
                return Ok(Attempt::Again { contended: !cached });
            };
            expect = Expect::Version(version.clone());
            (known.version, cached) = (version, false);
        }
        if effects.is_empty() && expect != Expect::Absent {
            // What was just read is so; what a cache says may be past. (A
            // store that cannot compare has been asked already.)
            let so = !cached || !self.mode.conditional() || self.still(&known.version)?;
            return Ok(if so {
                follow(&mut known.records, effects, intent);
                keep(slot, known);
                Attempt::Done
            } else {
                Attempt::Again { contended: false }
            });
        }
        let written = self.write_after(&mut known, effects, intent, &expect)?;
        Ok(match written {
            Written::Version(version) => {
                keep(slot, Known { version, ..known });
                Attempt::Done
            }
            Written::Conflict => Attempt::Again { contended: !cached },
        })
    }

    /// Writes `effects` and brings `known` forward by them. Should that fail
    /// in the middle, `known` goes nowhere: the cache was emptied before.
    fn write_after(
        &self,
        known: &mut Known,
        effects: Vec<Change>,
        intent: &Intent<'_>,
        expect: &Expect,
    ) -> io::Result<Written> {
        #[cfg(feature = "testing")]
        if self.mode.conditional() {
            crate::sync::before_write();
        }
        let creates = *expect == Expect::Absent;
        // What cannot be compared is not asked to: the turn has to do.
        let expect = if self.mode.conditional() { expect } else { &Expect::Any };
        let home_dc = match intent {
            Intent::Save(session) => session.home_dc_id,
            Intent::Change(_) => known.records.home_dc(),
        };
        let written = match &self.mode {
            // The whole value is written, so it has to be brought forward first.
            Mode::Blob(..) => {
                follow(&mut known.records, effects, intent);
                self.mode.write_value(self.key, &known.records, expect)
            }
            _ => {
                let removes = || effects.iter().any(|e| matches!(e, Change::Remove(_)));
                let anchor = (creates || removes()).then_some(home_dc);
                let written = self.mode.write_effects(self.key, &effects, expect, anchor);
                follow(&mut known.records, effects, intent);
                written
            }
        };
        let (written, bytes) = written?;
        self.count(bytes);
        Ok(written)
    }

    /// Writes without knowing what is stored: changes in any case, a whole
    /// session only in place of the state that was there a moment ago, so that
    /// a late one does not undo what came after it.
    fn blind(&self, slot: &mut Slot<'_>, intent: &Intent<'_>) -> io::Result<Attempt> {
        let expect = match intent {
            Intent::Save(_) if self.mode.conditional() => {
                self.count(0);
                match self.mode.version(self.key)? {
                    None => Expect::Absent,
                    Some(version) if version.is_known() => Expect::Version(version),
                    Some(_) => Expect::Any,
                }
            }
            _ => Expect::Any,
        };
        let (written, bytes) = self.mode.write_blind(self.key, intent, &expect)?;
        self.count(bytes);
        let Written::Version(version) = written else {
            return Ok(Attempt::Again { contended: true });
        };
        if let Intent::Save(session) = intent
            && slot.is_some()
        {
            let records = Box::new(Records::from((*session).clone()));
            keep(slot, Known { key: self.key.to_owned(), version, records });
        }
        Ok(Attempt::Done)
    }

    fn read(&self) -> io::Result<Option<Known>> {
        let read = self.mode.read(self.key)?;
        self.count(read.as_ref().map_or(0, |(_, _, bytes)| *bytes));
        Ok(read.map(|(records, version, _)| {
            let records = Box::new(records);
            Known { key: self.key.to_owned(), version, records }
        }))
    }

    /// Whether the store is still in this state.
    fn still(&self, version: &Version) -> io::Result<bool> {
        self.count(0);
        Ok(version.is_known() && self.mode.version(self.key)?.as_ref() == Some(version))
    }

    fn count(&self, bytes: usize) {
        self.bytes.set(self.bytes.get() + bytes);
        self.round_trips.set(self.round_trips.get() + 1);
    }

    fn slot(&self) -> io::Result<Slot<'a>> {
        let Some(cache) = self.cache else {
            return Ok(None);
        };
        let slot = cache.0.lock(deadline()).ok_or_else(|| busy("another call of this backend"))?;
        Ok(Some(slot))
    }

    /// A store that can compare needs none.
    fn needs_turn(&self) -> bool {
        !self.mode.conditional()
    }

    fn turn(&self) -> io::Result<Turn> {
        Turn::take(self.key, deadline())
            .ok_or_else(|| busy("another call on a session of this key"))
    }

    /// Waits before another attempt: at random, so that writers do not meet
    /// again, and longer each time.
    fn wait(&self, pause: Duration) -> io::Result<Duration> {
        let left = deadline().saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(SessionError::conflict(format!(
                "other writers came first for {} seconds",
                DEADLINE.as_secs()
            ))
            .help("have one process write this session, or fewer")
            .into());
        }
        let share = (random::fresh() % 1024) as u32;
        thread::sleep((pause * share / 1024).min(left));
        Ok((pause * 2).min(Duration::from_millis(100)))
    }
}

fn follow(records: &mut Records, effects: Vec<Change>, intent: &Intent<'_>) {
    match intent {
        Intent::Save(session) => records.follow(effects, session),
        Intent::Change(_) => effects.into_iter().for_each(|effect| records.apply(effect)),
    }
}

/// Without a version nothing that is known could be checked later.
fn keep(slot: &mut Slot<'_>, known: Known) {
    if let Some(cache) = slot
        && known.version.is_known()
    {
        **cache = Some(known.into());
    }
}

fn forget(slot: &mut Slot<'_>) {
    if let Some(cache) = slot {
        **cache = None;
    }
}

fn busy(who: &str) -> io::Error {
    SessionError::timed_out(format!("{who} did not end within {} seconds", DEADLINE.as_secs()))
        .help("look for a store that hangs")
        .into()
}
