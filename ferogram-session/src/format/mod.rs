//! The binary format: what a file holds, and a native string.
//!
//! ```text
//! base      the session in version 8, as 0.6.6 writes and reads it
//! footer    magic, length of the base, checksum          (16 bytes)
//! overflow  one frame: what version 8 has no room for    (if there is any)
//! mark      generation, offset, checksum                 (files only)
//! journal   one frame for each call since                (files only)
//! ```
//!
//! 0.6.6 reads the base and ignores what follows, so a login survives a
//! downgrade. Everything behind the base is ours: see [`journal`].

mod base;
mod checksum;
pub mod compact;
mod journal;
mod read;
mod record;
mod salts;
pub(crate) mod string;
mod versions;
mod wire;

pub(crate) use journal::{Journal, frame, read_on, sync_mark};
pub(crate) use read::Salvaged;
pub(crate) use record::{decode_record, encode_record};
pub(crate) use wire::Damage;

use crate::data::PersistedSession;
use crate::records::{Parts, Records};

/// Encodes a session as base, footer and overflow.
pub(crate) fn encode(session: &PersistedSession) -> Vec<u8> {
    base::encode(&Parts::of(session), 0).0
}

/// Encodes a file: base, footer, overflow and the mark that its journal
/// begins with.
pub(crate) fn encode_file(parts: &Parts<'_>, generation: u128) -> (Vec<u8>, Journal) {
    let (mut bytes, chain) = base::encode(parts, base::JOURNAL_FOLLOWS);
    let offset = bytes.len() as u64;
    let chain = sync_mark(&mut bytes, generation, offset, chain);
    let end = bytes.len() as u64;
    (bytes, Journal { generation, start: end, end, synced: end, chain, stepped: false })
}

/// Length of what [`encode`] returns.
pub(crate) fn encoded_len(session: &PersistedSession) -> usize {
    let parts = Parts::of(session);
    if base::fits(&parts) { base::encoded_len(&parts) } else { encode(session).len() }
}

/// Decodes what [`encode`] made, or any older version; nothing may follow.
pub(crate) fn decode(bytes: &[u8]) -> Result<PersistedSession, Damage> {
    read::decode(bytes)
}

/// As [`decode`], for an owner of records.
pub(crate) fn decode_records(bytes: &[u8]) -> Result<Records, Damage> {
    read::decode_records(bytes)
}

/// Decodes a file, which may be in use: its journal may end in a torn tail.
/// A file that others wrote has no journal.
pub(crate) fn decode_file(bytes: &[u8]) -> Result<(Records, Option<Journal>), Damage> {
    read::decode_open(bytes)
}

/// [`encode`], of records.
pub(crate) fn encode_records(records: &Records) -> Vec<u8> {
    base::encode(&Parts::of_records(records), 0).0
}

/// What can be read, at worst, of a file that [`decode_file`] refuses and that
/// [`salvage`] makes nothing of.
pub(crate) fn salvage_base(bytes: &[u8]) -> Option<Salvaged> {
    read::salvage_base(bytes)
}

/// What can be read of a file of ours that [`decode_file`] refuses.
pub(crate) fn salvage(bytes: &[u8]) -> Option<Records> {
    read::salvage(bytes)
}

/// For [`fuzzing`](crate::fuzzing): what has the checksums that belong to it.
#[cfg(any(test, fuzzing))]
pub(crate) mod seam {
    pub(crate) fn frame(out: &mut Vec<u8>, chain: u32, payload: &[u8]) -> u32 {
        super::journal::put_frame(out, chain, payload)
    }

    pub(crate) fn footer(out: &mut Vec<u8>, follows: u8) -> u32 {
        super::base::put_footer(out, follows)
    }
}
