use super::Codec;
use crate::data::PersistedSession;
use crate::format;
use crate::records::{Record, RecordId, Records};
use std::io;

/// The binary format of session files: compact, checked, and readable by
/// 0.6.6. The default.
#[derive(Clone, Copy, Debug, Default)]
pub struct Native;

impl Codec for Native {
    const NAME: &'static str = "native";
    const LAYOUT: u8 = 1;
    const BUILT_IN: bool = true;

    fn encode(session: &PersistedSession) -> io::Result<Vec<u8>> {
        Ok(format::encode(session))
    }

    fn decode(bytes: &[u8]) -> io::Result<PersistedSession> {
        Ok(format::decode(bytes)?)
    }

    fn encode_record(record: &Record) -> io::Result<Vec<u8>> {
        Ok(format::encode_record(record))
    }

    fn decode_record(_: RecordId, bytes: &[u8]) -> io::Result<Record> {
        Ok(format::decode_record(bytes)?)
    }

    fn encode_records(records: &Records) -> io::Result<Vec<u8>> {
        Ok(format::encode_records(records))
    }

    fn decode_records(bytes: &[u8]) -> io::Result<Records> {
        Ok(format::decode_records(bytes)?)
    }
}
