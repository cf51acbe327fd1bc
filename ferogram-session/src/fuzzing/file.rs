use super::made;
use super::normal;
use super::source::Source;
use crate::data::{DcEntry, PersistedSession};
use crate::format;
use crate::records::{Change, Parts, Record, Records};
use std::ops::Range;

/// A file with a journal: what is read is what was written. Then something
/// happens to it, and what is read is an error or an earlier state.
pub fn file(data: &[u8]) {
    let mut source = Source::new(data);
    let file = File::make(&mut source);
    let (records, journal) = format::decode_file(&file.bytes).unwrap();
    assert!(normal(records.into_session()) == *file.states.last().unwrap(), "undamaged");
    assert_eq!(journal.unwrap().end, file.bytes.len() as u64);

    let mut bytes = file.bytes.clone();
    let first = damage(&mut bytes, &mut source);
    let once = bytes.clone();
    for _ in 0..source.below(3) {
        damage(&mut bytes, &mut source);
    }
    file.check(&bytes, true);
    file.check(&once, false);
    // Before the last mark, with the mark where it was or moved.
    if once != file.bytes && first.end <= file.last_mark {
        assert!(format::decode_file(&once).is_err(), "damage at {first:?} went unseen");
    }
}

struct File {
    bytes: Vec<u8>,
    /// After the rewrite, and after each frame.
    states: Vec<PersistedSession>,
    /// Where the last mark begins.
    last_mark: usize,
}

impl File {
    fn make(source: &mut Source<'_>) -> Self {
        let mut records = Records::from(made::session(source));
        let generation = u128::from_le_bytes(source.array()) | 1 << 127;
        let (mut bytes, journal) = format::encode_file(&Parts::of_records(&records), generation);
        let mut chain = journal.chain;
        let mut states = vec![normal(records.to_session())];
        let mut last_mark = journal.generation_at() as usize - 9;
        for _ in 0..source.below(10) {
            let mut changes: Vec<_> = (0..=source.below(3)).map(|_| made::change(source)).collect();
            // A salt of a datacentre that is there, which is written in another way.
            if let Some(dc) = records.dcs().first().filter(|_| source.u8() > 100) {
                let first_salt = i64::from_le_bytes(source.array());
                let dc = DcEntry { first_salt, ..dc.clone() };
                changes.push(Change::Put(Record::Dc(Box::new(dc))));
            }
            chain = format::frame(&mut bytes, chain, &changes, records.dcs());
            changes.into_iter().for_each(|change| records.apply(change));
            states.push(normal(records.to_session()));
            if source.u8() > 200 {
                last_mark = bytes.len();
                chain = format::sync_mark(&mut bytes, generation, last_mark as u64, chain);
            }
        }
        Self { bytes, states, last_mark }
    }

    /// Whatever is read is a state that the file had.
    fn check(&self, bytes: &[u8], often: bool) {
        let had = |records: Records| self.states.contains(&normal(records.into_session()));
        if let Ok((records, journal)) = format::decode_file(bytes) {
            // Without its footer it may pass for a file of 0.6.6, which has no
            // checksum: but not after one thing that happened to it.
            assert!((often && journal.is_none()) || had(records), "damage gives another session");
            assert!(journal.is_none_or(|journal| journal.end <= bytes.len() as u64));
        }
        if let Some(records) = format::salvage(bytes) {
            assert!(had(records), "another session was salvaged");
        }
        let _ = format::salvage_base(bytes);
    }
}

/// Does something to the bytes, and says where.
fn damage(bytes: &mut Vec<u8>, source: &mut Source<'_>) -> Range<usize> {
    let at = source.below(bytes.len().max(1)).min(bytes.len());
    let end = (at + source.below(70)).min(bytes.len());
    match source.below(6) {
        0 if at < bytes.len() => {
            bytes[at] ^= 1 << source.below(8);
            at..at + 1
        }
        1 => {
            bytes[at..end].fill(0);
            at..end
        }
        2 => {
            let new = source.some_bytes(40).to_vec();
            bytes.splice(at..at, new);
            at..at
        }
        3 => {
            bytes.drain(at..end);
            at..end
        }
        4 => {
            let copy = bytes[at..end].to_vec();
            bytes.splice(end..end, copy);
            at..end
        }
        // The end of the file is the last place that is damaged by a cut.
        _ => {
            let len = bytes.len();
            bytes.truncate(at);
            at..len
        }
    }
}

/// Any bytes as a file, as the changes in a journal, and as a base with a
/// footer that belongs to it.
pub fn raw_file(data: &[u8]) {
    one(data);
    let mut with_footer = data.to_vec();
    format::seam::footer(&mut with_footer, u8::from(data.first() == Some(&8)) * 2);
    one(&with_footer);

    let parts = PersistedSession::default();
    let (mut bytes, journal) = format::encode_file(&Parts::of(&parts), 7);
    let chain = if data.is_empty() {
        journal.chain
    } else {
        format::seam::frame(&mut bytes, journal.chain, data)
    };
    one(&bytes);
    let mark = bytes.len() as u64;
    format::sync_mark(&mut bytes, 7, mark, chain);
    one(&bytes);
}

fn one(bytes: &[u8]) {
    if let Ok((records, _)) = format::decode_file(bytes) {
        let session = records.to_session();
        let (again, _) = format::encode_file(&Parts::of_records(&records), 9);
        let (again, _) = format::decode_file(&again).unwrap();
        assert!(normal(again.into_session()) == normal(session));
    }
    let _ = format::salvage(bytes);
    let _ = format::salvage_base(bytes);
}
