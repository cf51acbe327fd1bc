//! Reading the whole: base, footer, overflow, journal.

use super::base::{FOOTER_LEN, FOOTER_MAGIC, JOURNAL_FOLLOWS, OVERFLOW_FOLLOWS};
use super::checksum::crc;
use super::journal::{self, Journal};
use super::record::{read_change, read_peers};
use super::versions::{self, Base};
use super::wire::{Damage, Reader};
use crate::data::PersistedSession;
use crate::records::{Change, Record, Records, Replay};

pub(super) fn decode(bytes: &[u8]) -> Result<PersistedSession, Damage> {
    let base = versions::read(bytes)?;
    match footer(bytes, &base)? {
        Some(footer) if footer.follows != 0 => behind(bytes, base.session, &footer)
            .and_then(|read| whole(bytes, read))
            .map(Records::into_session),
        footer => at_end(bytes, &base, footer.as_ref()).map(|()| base.session),
    }
}

pub(super) fn decode_records(bytes: &[u8]) -> Result<Records, Damage> {
    decode_open(bytes).and_then(|read| whole(bytes, read))
}

/// Reads what may be a file in use: its journal may have a torn tail. There is
/// no journal in a file that others wrote.
pub(super) fn decode_open(bytes: &[u8]) -> Result<(Records, Option<Journal>), Damage> {
    let base = versions::read(bytes)?;
    match footer(bytes, &base)? {
        Some(footer) if footer.follows != 0 => behind(bytes, base.session, &footer),
        footer => {
            at_end(bytes, &base, footer.as_ref())?;
            Ok((Records::from(base.session), None))
        }
    }
}

/// What can be read of a damaged file of ours: its base, if that is whole, and
/// its journal as far as it goes.
pub(super) fn salvage(bytes: &[u8]) -> Option<Records> {
    let base = versions::read(bytes).ok()?;
    let footer = footer(bytes, &base).ok()??;
    let mut session = base.session;
    let mut r = Reader::from(bytes, footer.end);
    // Without its overflow the session would lack records.
    let chain = overflow(&mut r, bytes, &footer, &mut session).ok()?;
    let mut records = Records::from(session);
    let dcs = records.dcs().to_vec();
    let mut replay = Replay::of(&mut records);
    // An error only says that more should be there.
    let _ = journal::read(bytes, r.at(), chain, &dcs, |change| replay.push(change));
    replay.finish();
    Some(records)
}

/// What can be read of a damaged file that nothing was kept of, or that others
/// wrote: at least its login.
pub(super) fn salvage_base(bytes: &[u8]) -> Option<Salvaged> {
    if let Ok(base) = versions::read(bytes)
        && let Ok(Some(_)) = footer(bytes, &base)
    {
        return Some(Salvaged { records: base.session.into(), doubtful: false });
    }
    let records = versions::salvage(bytes)?.into();
    let has_footer = bytes.windows(FOOTER_MAGIC.len()).any(|part| part == FOOTER_MAGIC);
    Some(Salvaged { records, doubtful: has_footer })
}

/// What [`salvage_base`] read.
pub(crate) struct Salvaged {
    pub(crate) records: Records,
    /// Whether there is a checksum, and it says that some byte is another one
    /// than was written: it may be one of a key.
    pub(crate) doubtful: bool,
}

/// A value that is not a file in use has no torn tail.
fn whole(bytes: &[u8], (records, journal): (Records, Option<Journal>)) -> Result<Records, Damage> {
    match journal {
        Some(journal) if journal.end != bytes.len() as u64 => {
            Err(Damage::new(journal.end as usize, "the last change is not whole"))
        }
        _ => Ok(records),
    }
}

struct Footer {
    follows: u8,
    end: usize,
    chain: u32,
}

fn behind(
    bytes: &[u8],
    mut session: PersistedSession,
    footer: &Footer,
) -> Result<(Records, Option<Journal>), Damage> {
    let mut r = Reader::from(bytes, footer.end);
    let chain = overflow(&mut r, bytes, footer, &mut session)?;
    let mut records = Records::from(session);
    if footer.follows & JOURNAL_FOLLOWS != 0 {
        let dcs = records.dcs().to_vec();
        let mut replay = Replay::of(&mut records);
        let journal = journal::read(bytes, r.at(), chain, &dcs, |change| replay.push(change))?;
        replay.finish();
        Ok((records, Some(journal)))
    } else if r.rest() > 0 {
        Err(Damage::new(r.at(), "bytes follow the session"))
    } else {
        Ok((records, None))
    }
}

/// Adds the overflow to `session`, if there is one: what comes behind the rows of the
/// base, as in one list. Returns the checksum that the next frame continues.
fn overflow<'a>(
    r: &mut Reader<'a>,
    bytes: &'a [u8],
    footer: &Footer,
    session: &mut PersistedSession,
) -> Result<u32, Damage> {
    if footer.follows & OVERFLOW_FOLLOWS == 0 {
        return Ok(footer.chain);
    }
    let (mut rest, chain) = journal::read_frame(r, bytes, footer.chain)?;
    while rest.rest() > 0 {
        read_peers(&mut rest, &mut session.peers)?;
        if rest.rest() == 0 {
            break;
        }
        let at = rest.at();
        let Change::Put(record) = read_change(&mut rest)? else {
            return Err(Damage::new(at, "the overflow holds something other than records"));
        };
        let state = &mut session.updates_state;
        match record {
            Record::HomeDc(dc) => session.home_dc_id = dc,
            Record::Dc(dc) => session.dcs.push(*dc),
            Record::Primary { pts, date, seq } => {
                (state.pts, state.date, state.seq) = (pts, date, seq);
            }
            Record::Qts(qts) => state.qts = qts,
            Record::Channel { id, pts } => state.channels.push((id, pts)),
            Record::Peer(peer) => session.peers.push(peer),
            Record::MinPeer(min_peer) => session.min_peers.push(min_peer),
            Record::Token(token) => session.future_auth_token = Some(token.0),
        }
    }
    Ok(chain)
}

fn footer(bytes: &[u8], base: &Base) -> Result<Option<Footer>, Damage> {
    let at = base.end;
    if !bytes[at..].starts_with(&FOOTER_MAGIC) {
        return if base.marked {
            Err(Damage::new(at, "the footer is missing: the end is cut off"))
        } else if let Some(footer) = find_footer(bytes) {
            Err(Damage::new(footer, "the session before the footer is damaged"))
        } else {
            Ok(None)
        };
    }
    let mut r = Reader::from(bytes, at + FOOTER_MAGIC.len());
    let follows = r.u8()?;
    let base_len = r.u32()?;
    let chain = r.u32()?;
    if base_len as usize != at || chain != crc(0, &bytes[..at + FOOTER_LEN - 4]) {
        return Err(Damage::new(at, "the checksum of the session does not match"));
    }
    if follows > OVERFLOW_FOLLOWS | JOURNAL_FOLLOWS {
        return Err(Damage::new(at + FOOTER_MAGIC.len(), "something unknown follows the session"));
    }
    Ok(Some(Footer { follows, end: r.at(), chain }))
}

fn at_end(bytes: &[u8], base: &Base, footer: Option<&Footer>) -> Result<(), Damage> {
    let end = footer.map_or(base.end, |footer| footer.end);
    if end == bytes.len() { Ok(()) } else { Err(Damage::new(end, "bytes follow the session")) }
}

/// Where a footer stands that names its own place: then one of ours wrote
/// this, and a base that ends elsewhere is damaged.
fn find_footer(bytes: &[u8]) -> Option<usize> {
    let candidates = bytes.windows(FOOTER_LEN).enumerate();
    candidates
        .filter(|(_, window)| window.starts_with(&FOOTER_MAGIC))
        .find(|(at, window)| {
            Reader::from(window, FOOTER_MAGIC.len() + 1).u32().is_ok_and(|len| len as usize == *at)
        })
        .map(|(at, _)| at)
}
