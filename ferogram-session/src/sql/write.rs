//! A write, from what the caller knows of the session to the batch: what has to
//! be read first, and whether it has to survive a power cut.

use super::statements::Batch;
use super::text::Condition;
use super::{SqlExecutor, SqlStore, read};
use crate::data::PersistedSession;
use crate::mode::{Expect, Version, Written};
use crate::records::{Change, Records, Write, difference};
use std::io;

impl<E: SqlExecutor> SqlStore<E> {
    /// Makes changes. Nothing is read for those of a session that is there,
    /// unless they say something of its login: what is damaged is not to be
    /// mended by a new key, and a new salt alone is not worth a sync. Where the
    /// caller knows the session, and each question is a request, it is one.
    pub(super) fn change(
        &self,
        key: &str,
        changes: &[Change],
        expect: &Expect,
    ) -> io::Result<Written> {
        let login = changes.iter().any(Change::is_login);
        let write = &Write::Changes(changes);
        match expect {
            Expect::Version(version) if !login || !self.executor.stops_at_guard() => {
                self.put(key, write, Condition::Version(version), login)
            }
            Expect::Any if !login => match self.put(key, write, Condition::Present, false)? {
                Written::Conflict => self.change_known(key, changes, expect),
                written => Ok(written),
            },
            _ => self.change_known(key, changes, expect),
        }
    }

    /// Makes changes to the login as it is now.
    fn change_known(&self, key: &str, changes: &[Change], expect: &Expect) -> io::Result<Written> {
        self.executor.refresh()?;
        let found = read::login(&self.executor, &self.tables, key)?;
        if !expect.matches(found.as_ref().map(|(_, version)| version)) {
            return Ok(Written::Conflict);
        }
        let write = &Write::Changes(changes);
        match found {
            Some((login, version)) => {
                let unsure = write.is_login() && !self.settled.is(key, &version);
                self.put_known(key, changes, login, &version, unsure)
            }
            None => self.put(key, write, Condition::Absent, write.is_login()),
        }
    }

    /// Makes changes to the session, or to what its login depends on, as it is
    /// in `version`: durably if they are another login, or the call says one
    /// that may not be on the disk yet (`unsure`).
    fn put_known(
        &self,
        key: &str,
        changes: &[Change],
        mut known: Records,
        version: &Version,
        unsure: bool,
    ) -> io::Result<Written> {
        let durable = unsure || known.is_other_login(changes);
        self.put(key, &Write::Changes(changes), Condition::Version(version), durable)
    }

    /// Writes no more than a new version, durably: a log is synced up to its
    /// end, and what others left in it stands before that.
    pub(super) fn settle(&self, key: &str, version: &Version) -> io::Result<Written> {
        self.put(key, &Write::Changes(&[]), Condition::Version(version), true)
    }

    /// Reads what is there, which finds damage, and writes the difference.
    pub(super) fn replace(
        &self,
        key: &str,
        session: &PersistedSession,
        expect: &Expect,
    ) -> io::Result<Written> {
        let found = read::read(&self.executor, &self.tables, key)?;
        if !expect.matches(found.as_ref().map(|(_, version)| version)) {
            return Ok(Written::Conflict);
        }
        let Some((mut records, version)) = found else {
            return self.put(key, &Write::Replace(session), Condition::Absent, true);
        };
        let changes = difference(&mut records, session);
        // A server keeps what it acknowledged, to anybody.
        let said = self.executor.stops_at_guard() || changes.iter().any(Change::is_login);
        let unsure = said && !self.settled.is(key, &version);
        if changes.is_empty() && !unsure {
            return Ok(Written::Version(version));
        }
        self.put_known(key, &changes, records, &version, unsure)
    }

    fn put(
        &self,
        key: &str,
        write: &Write<'_>,
        condition: Condition<'_>,
        durable: bool,
    ) -> io::Result<Written> {
        let version = Version::fresh();
        let statements =
            Batch::write(&self.tables, key, write, condition, &version, &self.executor);
        let before = self.settled.take(key);
        if !self.batch(statements, durable)? {
            return Ok(Written::Conflict);
        }
        let follows =
            matches!(condition, Condition::Version(known) if Some(known) == before.as_ref());
        if durable || follows {
            self.settled.put(key, version.clone());
        }
        Ok(Written::Version(version))
    }
}
