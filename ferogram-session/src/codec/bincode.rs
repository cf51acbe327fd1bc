use super::Codec;
use crate::data::PersistedSession;
use crate::error::SessionError;
use crate::records::{Record, RecordId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io;

/// bincode 2 with its standard configuration, for sessions that are stored
/// that way. bincode is no longer maintained; prefer [`Native`](super::Native).
#[derive(Clone, Copy, Debug, Default)]
pub struct Bincode;

/// More than a session of a million peers; without a limit a hostile length
/// aborts the process.
const LIMIT: usize = 64 << 20;

impl Codec for Bincode {
    const NAME: &'static str = "bincode";
    const LAYOUT: u8 = 3;
    const BUILT_IN: bool = true;

    fn encode(session: &PersistedSession) -> io::Result<Vec<u8>> {
        to_vec(session)
    }

    fn decode(bytes: &[u8]) -> io::Result<PersistedSession> {
        from_slice(bytes)
    }

    fn encode_record(record: &Record) -> io::Result<Vec<u8>> {
        to_vec(record)
    }

    fn decode_record(_: RecordId, bytes: &[u8]) -> io::Result<Record> {
        from_slice(bytes)
    }
}

fn to_vec<T: Serialize>(value: &T) -> io::Result<Vec<u8>> {
    let bytes = bincode::serde::encode_to_vec(value, bincode::config::standard())
        .map_err(|_| SessionError::unsupported("the session cannot be written as bincode"))?;
    if bytes.len() > LIMIT {
        return Err(SessionError::unsupported(format!(
            "the session takes {} bytes as bincode, and {LIMIT} is the limit",
            bytes.len()
        ))
        .help("use the native codec")
        .into());
    }
    Ok(bytes)
}

fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> io::Result<T> {
    // What a length may ask for is bounded by what there is: a record takes
    // more in memory than in bincode, but not 64 times as much.
    match bytes.len() {
        0..0x1_0000 => bounded::<T, 0x40_0000>(bytes),
        0x1_0000..0x10_0000 => bounded::<T, 0x400_0000>(bytes),
        0x10_0000..0x100_0000 => bounded::<T, 0x4000_0000>(bytes),
        0x100_0000..=LIMIT => bounded::<T, 0x1_0000_0000>(bytes),
        _ => Err(SessionError::corrupt("this is larger than any session").into()),
    }
}

fn bounded<T: DeserializeOwned, const MEMORY: usize>(bytes: &[u8]) -> io::Result<T> {
    let config = bincode::config::standard().with_limit::<MEMORY>();
    let (value, read) = bincode::serde::decode_from_slice(bytes, config)
        .map_err(|_| SessionError::corrupt("this is not a session in bincode"))?;
    // bincode itself does not mind what follows.
    if read != bytes.len() {
        return Err(SessionError::corrupt("bytes follow the session").at(read as u64).into());
    }
    Ok(value)
}
