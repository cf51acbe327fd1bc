use super::Codec;
use crate::data::PersistedSession;
use crate::error::SessionError;
use crate::records::{Record, RecordId};
use std::io;

/// JSON in the shape that `serde_json::to_vec(&session)` has had since 0.6:
/// for a store that people look into, and for sessions stored that way. As a value of
/// a key-value store it stands between a byte and a checksum: store that as bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Json;

impl Codec for Json {
    const NAME: &'static str = "json";
    const LAYOUT: u8 = 2;
    const BUILT_IN: bool = true;

    fn encode(session: &PersistedSession) -> io::Result<Vec<u8>> {
        serde_json::to_vec(session).map_err(unwritable)
    }

    fn decode(bytes: &[u8]) -> io::Result<PersistedSession> {
        serde_json::from_slice(bytes).map_err(unreadable)
    }

    fn encode_record(record: &Record) -> io::Result<Vec<u8>> {
        serde_json::to_vec(record).map_err(unwritable)
    }

    fn decode_record(_: RecordId, bytes: &[u8]) -> io::Result<Record> {
        serde_json::from_slice(bytes).map_err(unreadable)
    }
}

fn unwritable(_: serde_json::Error) -> io::Error {
    SessionError::unsupported("the session cannot be written as JSON").into()
}

// serde's own message may quote what it read, which may be a key.
fn unreadable(error: serde_json::Error) -> io::Error {
    let what = match error.classify() {
        serde_json::error::Category::Eof => "the JSON is cut off",
        serde_json::error::Category::Syntax => "this is not JSON",
        _ => "the JSON is not that of a session",
    };
    let place = format!("{what}, line {} column {}", error.line(), error.column());
    SessionError::corrupt(place).into()
}
