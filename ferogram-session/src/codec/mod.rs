//! How a session, or one record of it, becomes bytes.

#[cfg(feature = "bincode")]
mod bincode;
mod field;
#[cfg(feature = "json")]
mod json;
mod native;

#[cfg(feature = "bincode")]
pub use bincode::Bincode;
#[cfg(feature = "json")]
pub use json::Json;
pub use native::Native;

pub(crate) use field::{decode_field, encode_field, field_name};

use crate::data::PersistedSession;
use crate::error::SessionError;
use crate::records::{Record, RecordId, Records};
use std::io;

/// How a session becomes bytes in a blob or key-value store:
/// `#[session(blob(codec = path::To::Codec))]`.
///
/// Two functions are enough; both must be exact. A key-value store puts a
/// layout byte before each value and a checksum behind it.
///
/// ```
/// use ferogram_session::{Codec, Native, PersistedSession};
/// use std::io;
///
/// /// Native bytes in hexadecimal, for a blob store that takes only text.
/// struct Hex;
///
/// impl Codec for Hex {
///     const NAME: &'static str = "hex";
///     const LAYOUT: u8 = 100;
///
///     fn encode(session: &PersistedSession) -> io::Result<Vec<u8>> {
///         let bytes = Native::encode(session)?;
///         Ok(bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect())
///     }
///
///     fn decode(bytes: &[u8]) -> io::Result<PersistedSession> {
///         let digits = str::from_utf8(bytes).map_err(|_| io::ErrorKind::InvalidData)?;
///         let bytes: Option<Vec<u8>> = (0..digits.len())
///             .step_by(2)
///             .map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok())
///             .collect();
///         Native::decode(&bytes.ok_or(io::ErrorKind::InvalidData)?)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a session codec",
    label = "`Codec` is not implemented for this",
    note = "implement `Codec`, or write `native`, `bincode` or `json`"
)]
pub trait Codec {
    /// For messages.
    const NAME: &'static str;

    /// First byte of each value in a key-value store: tells values of one
    /// codec from those of another. 1 to 15 are taken by this crate: a backend
    /// with such a codec does not compile.
    ///
    /// ```compile_fail
    /// # use ferogram_session::{Codec, PersistedSession};
    /// struct Taken;
    ///
    /// impl Codec for Taken {
    ///     const NAME: &'static str = "taken";
    ///     const LAYOUT: u8 = 2;
    /// #   fn encode(_: &PersistedSession) -> std::io::Result<Vec<u8>> { Ok(vec![]) }
    /// #   fn decode(_: &[u8]) -> std::io::Result<PersistedSession> { Ok(Default::default()) }
    /// }
    ///
    /// const CODEC: ferogram_session::__private::CodecFns = ferogram_session::__private::codec::<Taken>();
    /// # fn main() { drop(CODEC); }
    /// ```
    const LAYOUT: u8;

    #[doc(hidden)]
    const BUILT_IN: bool = false;

    /// A session as bytes.
    ///
    /// # Errors
    ///
    /// Where the codec cannot hold it; none of the built-in ones fails.
    fn encode(session: &PersistedSession) -> io::Result<Vec<u8>>;

    /// What [`encode`](Self::encode) made.
    ///
    /// # Errors
    ///
    /// `InvalidData` for anything else, bytes that follow it among it.
    fn decode(bytes: &[u8]) -> io::Result<PersistedSession>;

    /// A record as bytes: unless overridden, a session with this record only.
    ///
    /// # Errors
    ///
    /// As [`encode`](Self::encode).
    fn encode_record(record: &Record) -> io::Result<Vec<u8>> {
        let records: Records = [record.clone()].into_iter().collect();
        Self::encode(&records.into_session())
    }

    /// What [`encode_record`](Self::encode_record) made of a record with this
    /// id.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode).
    fn decode_record(id: RecordId, bytes: &[u8]) -> io::Result<Record> {
        let mut records = Records::from(Self::decode(bytes)?);
        match (records.get(id), records.len()) {
            (Some(record), 1) => Ok(record),
            (None, 0) => default_record(id),
            _ => Err(SessionError::corrupt("the value is not the record that it should be").into()),
        }
    }

    /// A session that stands as records as bytes.
    #[doc(hidden)]
    fn encode_records(records: &Records) -> io::Result<Vec<u8>> {
        Self::encode(&records.to_session())
    }

    /// [`decode`](Self::decode), for an owner of records.
    #[doc(hidden)]
    fn decode_records(bytes: &[u8]) -> io::Result<Records> {
        Self::decode(bytes).map(Records::from)
    }
}

/// The record of an id in a default session: counters at zero are not told
/// from counters that are not there.
fn default_record(id: RecordId) -> io::Result<Record> {
    match id {
        RecordId::HomeDc => Ok(Record::HomeDc(0)),
        RecordId::Primary => Ok(Record::Primary { pts: 0, date: 0, seq: 0 }),
        RecordId::Qts => Ok(Record::Qts(0)),
        _ => Err(SessionError::corrupt("the value is empty").into()),
    }
}

/// A codec as functions, so that nothing behind the derive is generic.
#[derive(Clone, Copy, Debug)]
pub struct CodecFns {
    pub(crate) name: &'static str,
    pub(crate) layout: u8,
    pub(crate) encode_records: fn(&Records) -> io::Result<Vec<u8>>,
    pub(crate) decode_records: fn(&[u8]) -> io::Result<Records>,
    pub(crate) encode_record: fn(&Record) -> io::Result<Vec<u8>>,
    pub(crate) decode_record: fn(RecordId, &[u8]) -> io::Result<Record>,
}

/// The functions of a codec.
pub const fn codec<C: Codec>() -> CodecFns {
    const {
        assert!(
            C::BUILT_IN || !matches!(C::LAYOUT, 1..=15),
            "the layouts 1 to 15 belong to the codecs of this crate: choose another for `Codec::LAYOUT`"
        );
    }
    CodecFns {
        name: C::NAME,
        layout: C::LAYOUT,
        encode_records: C::encode_records,
        decode_records: C::decode_records,
        encode_record: C::encode_record,
        decode_record: C::decode_record,
    }
}
