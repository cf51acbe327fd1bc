//! How each mode lays changes out: what it has to know first, and what it
//! then writes.

use super::Mode;
use crate::cache::Encoded;
use crate::codec::{CodecFns, decode_field, encode_field, field_name};
use crate::data::PersistedSession;
use crate::error::{LEFT_ALONE, SessionError};
use crate::mode::{Expect, Field, Version, Written};
use crate::records::{Change, Record, RecordId, Records, Write};
use std::io;

/// What a call wants of the store.
#[derive(Clone, Copy)]
pub(super) enum Intent<'a> {
    /// To hold exactly this session.
    Save(&'a PersistedSession),
    /// To have these changes made.
    Change(&'a [Change]),
}

impl Intent<'_> {
    /// Whether the call says something of the login.
    pub(super) fn is_login(&self) -> bool {
        match self {
            Self::Save(_) => true,
            Self::Change(changes) => changes.iter().any(Change::is_login),
        }
    }
}

/// What a `load` found, and how many bytes it took.
pub(super) struct Loaded {
    pub(super) records: Records,
    pub(super) version: Version,
    pub(super) encoded: Option<Encoded>,
    pub(super) bytes: usize,
}

/// What became of a write, and how many bytes were handed to the store.
pub(super) type Outcome = io::Result<(Written, usize)>;

impl Mode<'_> {
    pub(super) fn conditional(&self) -> bool {
        match self {
            Self::Blob(store, _) => store.conditional(),
            Self::KeyValue(store, _) => store.conditional(),
            Self::Rows(store) => store.conditional(),
        }
    }

    pub(super) fn version(&self, key: &str) -> io::Result<Option<Version>> {
        match self {
            Self::Blob(store, _) => store.version(key),
            Self::KeyValue(store, _) => store.version(key),
            Self::Rows(store) => store.version(key),
        }
    }

    /// Makes sure that the login of this version is on the disk. What became of
    /// the write, if that took one.
    pub(super) fn settle(&self, key: &str, version: &Version) -> io::Result<Option<Written>> {
        match self {
            Self::Blob(..) | Self::KeyValue(..) => Ok(None),
            Self::Rows(store) => store.__settle(key, version),
        }
    }

    pub(super) fn delete(&self, key: &str) -> io::Result<()> {
        match self {
            Self::Blob(store, _) => store.delete(key),
            Self::KeyValue(store, _) => store.delete(key),
            Self::Rows(store) => store.delete(key),
        }
    }

    /// The stored session, its version, and how many bytes it took.
    pub(super) fn read(&self, key: &str) -> io::Result<Option<(Records, Version, usize)>> {
        match self {
            Self::Blob(store, codec) => {
                let Some((bytes, version)) = store.read(key)? else {
                    return Ok(None);
                };
                let records = (codec.decode_records)(&bytes).map_err(left_alone)?;
                Ok(Some((records, version, bytes.len())))
            }
            Self::KeyValue(store, codec) => {
                let Some((fields, version)) = store.read(key)? else {
                    return Ok(None);
                };
                let mut records = Records::new();
                let mut bytes = 0;
                for (name, value) in &fields {
                    bytes += name.len() + value.len();
                    let record = decode_field(codec, name, value).map_err(left_alone)?;
                    records.apply(Change::Put(record));
                }
                Ok(Some((records, version, bytes)))
            }
            Self::Rows(store) => {
                Ok(store.read(key)?.map(|(records, version)| (records, version, 0)))
            }
        }
    }

    /// The stored session for a `load`; with the bytes that it was made from, if
    /// they are at hand.
    pub(super) fn load(&self, key: &str) -> io::Result<Option<Loaded>> {
        let (records, version, encoded, bytes) = match self {
            Self::Rows(store) => {
                let Some((records, version, encoded)) = store.__load(key)? else {
                    return Ok(None);
                };
                (records, version, encoded, 0)
            }
            Self::Blob(..) | Self::KeyValue(..) => {
                let Some((records, version, bytes)) = self.read(key)? else {
                    return Ok(None);
                };
                (records, version, None, bytes)
            }
        };
        Ok(Some(Loaded { records, version, encoded, bytes }))
    }

    /// Whether what the store holds must be known before this can be written.
    pub(super) fn must_know(&self, intent: &Intent<'_>) -> bool {
        match (self, intent) {
            (Self::Rows(_), _) => false,
            (Self::Blob(..), _) | (_, Intent::Save(_)) => true,
            (Self::KeyValue(..), Intent::Change(changes)) => changes
                .iter()
                .any(|change| matches!(change, Change::MergePeer(_) | Change::ClearChannels)),
        }
    }

    /// Writes without knowing what is stored: rows make the changes
    /// themselves, fields are written over.
    pub(super) fn write_blind(&self, key: &str, intent: &Intent<'_>, expect: &Expect) -> Outcome {
        match (self, intent) {
            (Self::Rows(store), Intent::Save(session)) => {
                Ok((store.write(key, &Write::Replace(session), expect)?, 0))
            }
            (Self::Rows(store), Intent::Change(changes)) => {
                Ok((store.write(key, &Write::Changes(changes), expect)?, 0))
            }
            (Self::KeyValue(..), Intent::Change(changes)) => {
                self.write_effects(key, changes, expect, None)
            }
            // `must_know` says so.
            (Self::Blob(..), _) | (Self::KeyValue(..), Intent::Save(_)) => Err(unplanned()),
        }
    }

    /// Writes the whole session as one value.
    pub(super) fn write_value(&self, key: &str, session: &Records, expect: &Expect) -> Outcome {
        match self {
            Self::Blob(store, codec) => {
                let bytes = (codec.encode_records)(session)?;
                Ok((store.write(key, &bytes, expect)?, bytes.len()))
            }
            Self::KeyValue(..) | Self::Rows(_) => Err(unplanned()),
        }
    }

    /// Writes `effects`, which are puts and removals. `anchor` is the home DC
    /// where the session might end up without a field: it is then written too.
    pub(super) fn write_effects(
        &self,
        key: &str,
        effects: &[Change],
        expect: &Expect,
        anchor: Option<i32>,
    ) -> Outcome {
        match self {
            Self::KeyValue(store, codec) => {
                let mut fields = fields(codec, effects)?;
                // A session without fields would be none in some stores.
                let home = field_name(RecordId::HomeDc);
                if let Some(home_dc) = anchor
                    && !fields.iter().any(|field| field.name == home)
                {
                    fields.push(encode_field(codec, &Record::HomeDc(home_dc))?);
                }
                let len =
                    |field: &Field| field.name.len() + field.value.as_ref().map_or(0, Vec::len);
                let bytes = fields.iter().map(len).sum();
                Ok((store.write(key, &fields, expect)?, bytes))
            }
            Self::Rows(store) => Ok((store.write(key, &Write::Changes(effects), expect)?, 0)),
            Self::Blob(..) => Err(unplanned()),
        }
    }
}

fn fields(codec: &CodecFns, effects: &[Change]) -> io::Result<Vec<Field>> {
    let mut fields = Vec::with_capacity(effects.len() + 1);
    for effect in effects {
        match effect {
            Change::Put(record) => fields.push(encode_field(codec, record)?),
            Change::Remove(id) => fields.push(Field { name: field_name(*id), value: None }),
            Change::MergePeer(_) | Change::ClearChannels => return Err(unplanned()),
        }
    }
    Ok(fields)
}

/// What a store holds and no codec reads, whatever the codec says.
fn left_alone(error: io::Error) -> io::Error {
    SessionError::or_help(error, LEFT_ALONE)
}

/// A plan that [`Mode::must_know`] rules out.
fn unplanned() -> io::Error {
    SessionError::unsupported("this store cannot be written to in this way").into()
}
