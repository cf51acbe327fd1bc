use crate::error::SessionError;
use crate::format;
use crate::mode::{Expect, RowStore, Version, Versions, Written};
use crate::records::{Records, Write};
use base64::Engine;
use std::fmt;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A session that came from a string and can be made one again. It is encoded
/// only when somebody asks for the string.
pub(super) struct StringStore(Mutex<Inside>);

struct Inside {
    state: State,
    versions: Versions,
}

#[expect(clippy::large_enum_variant, reason = "one for each backend")]
enum State {
    /// As given. A load reads it and leaves it so: most programs load once.
    Text {
        text: String,
        version: Version,
    },
    /// Read, and the text that it came from, until the first change.
    Open {
        records: Records,
        version: Version,
        text: Option<String>,
    },
    Empty,
    /// Not a session: every call says so, and the string stays.
    Unreadable {
        text: String,
        damage: format::Damage,
    },
}

impl StringStore {
    pub(super) fn new(text: String) -> Self {
        let mut versions = Versions::default();
        let version = versions.next();
        Self(Mutex::new(Inside { state: State::Text { text, version }, versions }))
    }

    /// Made anew each time: to keep it would take as much memory again.
    pub(super) fn current(&self) -> String {
        match &self.lock().state {
            State::Text { text, .. }
            | State::Unreadable { text, .. }
            | State::Open { text: Some(text), .. } => text.clone(),
            State::Open { records, .. } => {
                format::string::BASE64.encode(format::encode_records(records))
            }
            State::Empty => String::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state, read if it was not yet.
    fn open(&self) -> io::Result<MutexGuard<'_, Inside>> {
        let mut inside = self.lock();
        let state = &mut inside.state;
        if let State::Text { text, version } = state {
            // Copies: should decoding ever panic, the string must still be there.
            let (text, version) = (text.clone(), version.clone());
            *state = if text.trim().is_empty() {
                State::Empty
            } else {
                match format::string::decode(&text) {
                    Ok(session) => {
                        State::Open { records: Records::from(session), version, text: Some(text) }
                    }
                    Err(damage) => State::Unreadable { text, damage },
                }
            };
        }
        match state {
            State::Unreadable { damage, .. } => Err(SessionError::from(*damage)
                .help("pass the whole string, or an empty one to start a new login")
                .into()),
            _ => Ok(inside),
        }
    }
}

impl RowStore for StringStore {
    fn read(&self, _: &str) -> io::Result<Option<(Records, Version)>> {
        if let State::Text { text, version } = &self.lock().state
            && let Ok(session) = format::string::decode(text)
        {
            return Ok(Some((Records::from(session), version.clone())));
        }
        Ok(match &self.open()?.state {
            State::Open { records, version, .. } => {
                Some((records.without_index(), version.clone()))
            }
            _ => None,
        })
    }

    fn write(&self, _: &str, write: &Write<'_>, expect: &Expect) -> io::Result<Written> {
        let mut inside = self.open()?;
        let Inside { state, versions } = &mut *inside;
        let stored = match &*state {
            State::Open { version, .. } => Some(version),
            _ => None,
        };
        if !expect.matches(stored) {
            return Ok(Written::Conflict);
        }
        let fresh = versions.next();
        match state {
            State::Open { records, version, text } => {
                records.write(write);
                version.clone_from(&fresh);
                *text = None;
            }
            other => {
                let mut records = Records::new();
                records.write(write);
                *other = State::Open { records, version: fresh.clone(), text: None };
            }
        }
        Ok(Written::Version(fresh))
    }

    fn delete(&self, _: &str) -> io::Result<()> {
        self.open()?.state = State::Empty;
        Ok(())
    }

    fn conditional(&self) -> bool {
        true
    }

    fn version(&self, _: &str) -> io::Result<Option<Version>> {
        Ok(match &self.open()?.state {
            State::Open { version, .. } => Some(version.clone()),
            _ => None,
        })
    }
}

impl fmt::Debug for StringStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StringStore")
    }
}
