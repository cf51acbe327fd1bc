//! What follows the base in a file: frames, one for each call, and marks.
//!
//! ```text
//! frame  length (base 128, not 0) | changes | checksum
//! mark   0 | magic | generation (16) | offset (8) | checksum so far (4) | checksum of the mark (4)
//! ```
//!
//! Each checksum continues the one before it, so a frame is valid only behind
//! the frames it was written behind. A mark is written behind what an fsync made
//! durable and can be found from anywhere: what lies before the last mark was
//! once durable, so a bad frame there is damage. The base ends with one; a second one
//! right behind it is written when its file has its name and that is durable,
//! so whoever reads it need not sync the folder. Behind the last mark, a bad frame is what a power cut
//! leaves of the last writes: a torn tail. A bad mark with a whole frame behind it is stepped over: what
//! it said follows from what is before it.

use super::checksum::crc;
use super::salts::Dcs;
use super::wire::{Damage, Reader, put_varint};
use crate::data::DcEntry;
use crate::records::Change;

const MARK_MAGIC: [u8; 8] = *b"\xFD\xFCf.sync";
const MARK_LEN: usize = 1 + 8 + 16 + 8 + 4 + 4;

/// How far a file was read, and what its next frame continues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Journal {
    /// Random for each base: two files are never taken for one another.
    pub(crate) generation: u128,
    /// Where the journal begins: all before it was made durable in one go.
    pub(crate) start: u64,
    /// Where the next frame goes. What lies behind it is a torn tail.
    pub(crate) end: u64,
    /// Where the last mark ends: all before it was made durable.
    pub(crate) synced: u64,
    /// Checksum that the next frame continues: the last four bytes, too.
    pub(crate) chain: u32,
    /// Whether a bad mark was stepped over. Before another mark it would be damage,
    /// so none may follow: the file has to be written anew.
    pub(crate) stepped: bool,
}

impl Journal {
    /// How many bytes a mark takes.
    pub(crate) const MARK_LEN: usize = MARK_LEN;

    /// Whether a mark follows the one that the base ends with: written when the
    /// file had its name, and that was durable, unless others put it there since.
    pub(crate) fn is_marked(&self) -> bool {
        self.synced > self.start
    }

    /// Where in the file the generation stands.
    pub(crate) fn generation_at(&self) -> u64 {
        self.start - MARK_LEN as u64 + 1 + MARK_MAGIC.len() as u64
    }
}

/// Appends a frame with these changes to `out`, of a session with these
/// datacentres; returns the new checksum.
pub(crate) fn frame(out: &mut Vec<u8>, chain: u32, changes: &[Change], dcs: &[DcEntry]) -> u32 {
    let mut payload = Vec::with_capacity(24 * changes.len());
    let mut dcs = Dcs::of(dcs);
    changes.iter().for_each(|change| dcs.put(&mut payload, change));
    put_frame(out, chain, &payload)
}

pub(super) fn put_frame(out: &mut Vec<u8>, chain: u32, payload: &[u8]) -> u32 {
    let start = out.len();
    put_varint(out, payload.len());
    out.extend_from_slice(payload);
    let chain = crc(chain, &out[start..]);
    out.extend_from_slice(&chain.to_le_bytes());
    chain
}

/// Appends a mark that will stand at `offset`; returns the new checksum.
pub(crate) fn sync_mark(out: &mut Vec<u8>, generation: u128, offset: u64, chain: u32) -> u32 {
    let start = out.len();
    out.push(0);
    out.extend_from_slice(&MARK_MAGIC);
    out.extend_from_slice(&generation.to_le_bytes());
    out.extend_from_slice(&offset.to_le_bytes());
    out.extend_from_slice(&chain.to_le_bytes());
    let own = crc(0, &out[start..]);
    out.extend_from_slice(&own.to_le_bytes());
    own
}

/// Steps over the frame at `r`, which must be whole; returns what it holds, and
/// the new checksum.
pub(super) fn read_frame<'a>(
    r: &mut Reader<'a>,
    bytes: &'a [u8],
    chain: u32,
) -> Result<(Reader<'a>, u32), Damage> {
    let start = r.at();
    let len = r.varint()?;
    let payload = r.at();
    r.take(len)?;
    let end = r.at();
    let stored = r.u32()?;
    let computed = crc(chain, &bytes[start..end]);
    if stored != computed {
        return Err(Damage::new(start, "the checksum of a change does not match"));
    }
    Ok((Reader::from(&bytes[..end], payload), computed))
}

/// Reads the frame at `r` as changes; returns the new checksum.
fn read_changes<'a>(
    r: &mut Reader<'a>,
    bytes: &'a [u8],
    chain: u32,
    dcs: &mut Dcs<'_>,
    changes: &mut Vec<Change>,
) -> Result<u32, Damage> {
    // Of a frame that is not whole some may be there.
    changes.clear();
    let (mut payload, chain) = read_frame(r, bytes, chain)?;
    while payload.rest() > 0 {
        changes.push(dcs.read(&mut payload)?);
    }
    Ok(chain)
}

/// Reads the journal that begins at `start` of the file `bytes`, of a base with
/// these datacentres, and says where it ends.
pub(super) fn read(
    bytes: &[u8],
    start: usize,
    chain: u32,
    dcs: &[DcEntry],
    apply: impl FnMut(Change),
) -> Result<Journal, Damage> {
    let mut r = Reader::from(bytes, start);
    let (generation, chain) = read_mark(&mut r, bytes, 0, chain)?;
    let (start, end) = (r.at() as u64, r.at() as u64);
    let mut journal = Journal { generation, start, end, synced: end, chain, stepped: false };
    read_on(&bytes[r.at()..], &mut journal, dcs, apply)?;
    Ok(journal)
}

/// Reads on: `tail` is what the file holds from where `journal` ends, where the
/// session has these datacentres.
pub(crate) fn read_on(
    tail: &[u8],
    journal: &mut Journal,
    dcs: &[DcEntry],
    mut apply: impl FnMut(Change),
) -> Result<(), Damage> {
    let origin = journal.end;
    let mut r = Reader::new(tail);
    let mut dcs = Dcs::of(dcs);
    let mut changes = Vec::new();
    while r.rest() > 0 {
        let at = r.at();
        let read = match tail[at] {
            0 => read_mark(&mut r, tail, origin, journal.chain).and_then(|(generation, chain)| {
                let ours = generation == journal.generation;
                ours.then_some(chain).ok_or(Damage::new(at, "a sync mark belongs to another file"))
            }),
            _ => read_changes(&mut r, tail, journal.chain, &mut dcs, &mut changes),
        };
        match read {
            Ok(chain) => {
                changes.drain(..).for_each(&mut apply);
                journal.chain = chain;
                journal.end = origin + r.at() as u64;
                if tail[at] == 0 {
                    journal.synced = journal.end;
                }
            }
            Err(damage) if mark_follows(tail, at, journal.generation) => {
                return Err(Damage::new(origin as usize + damage.offset, damage.what));
            }
            // A frame counts whole or not at all.
            Err(_) => match over_mark(tail, at, journal) {
                Some(chain) => {
                    journal.stepped = true;
                    journal.chain = chain;
                    journal.end += MARK_LEN as u64;
                    r = Reader::from(tail, at + MARK_LEN);
                }
                None => break,
            },
        }
    }
    Ok(())
}

/// Reads a mark of a file of which `bytes` begin at `origin`.
fn read_mark(
    r: &mut Reader<'_>,
    bytes: &[u8],
    origin: u64,
    chain: u32,
) -> Result<(u128, u32), Damage> {
    let at = r.at();
    let damage = Damage::new(at, "a sync mark is damaged");
    let mark = r.take(MARK_LEN)?;
    let (generation, offset) = check_mark(bytes, at).ok_or(damage)?;
    if offset != origin + at as u64 {
        return Err(damage);
    }
    let mut fields = Reader::from(mark, MARK_LEN - 8);
    if fields.u32()? != chain {
        return Err(damage);
    }
    Ok((generation, fields.u32()?))
}

/// The checksum behind a mark at `at` that is damaged: what it said is known, and
/// the frame behind it continues that. It speaks for nothing any more, but what
/// follows is whole.
fn over_mark(tail: &[u8], at: usize, journal: &Journal) -> Option<u32> {
    let chain = sync_mark(&mut Vec::new(), journal.generation, journal.end, journal.chain);
    let next = at + MARK_LEN;
    if next >= tail.len() {
        return None;
    }
    read_frame(&mut Reader::from(tail, next), tail, chain).ok().map(|_| chain)
}

/// The generation of the mark at `at`, and where it was written, if a whole
/// one stands there.
fn check_mark(bytes: &[u8], at: usize) -> Option<(u128, u64)> {
    let mut r = Reader::from(bytes, at);
    let mark = r.take(MARK_LEN).ok()?;
    let mut fields = Reader::new(mark);
    let lead: [u8; 9] = fields.array().ok()?;
    let generation = u128::from_le_bytes(fields.array().ok()?);
    let offset = fields.u64().ok()?;
    let _chain = fields.u32().ok()?;
    let own = fields.u32().ok()?;
    let whole = lead[0] == 0 && lead[1..] == MARK_MAGIC && own == crc(0, &mark[..MARK_LEN - 4]);
    whole.then_some((generation, offset))
}

/// Whether a mark of this file stands anywhere from `from` on. A byte more or
/// less before it has moved it: that is damage too, and no torn tail.
fn mark_follows(bytes: &[u8], from: usize, generation: u128) -> bool {
    (from..bytes.len().saturating_sub(MARK_LEN - 1))
        .filter(|&at| bytes[at] == 0)
        .any(|at| check_mark(bytes, at).is_some_and(|(of, _)| of == generation))
}
