//! Reading of the base, versions 1 to 8.

use super::base::{MARKED_KIND, MARKED_NONE};
use super::wire::{Damage, Reader};
use crate::data::{
    CachedMinPeer, CachedPeer, ChannelKind, DcEntry, DcFlags, PersistedSession, UpdatesStateSnap,
};

/// A base, and where it ended.
pub(super) struct Base {
    pub(super) session: PersistedSession,
    pub(super) end: usize,
    /// Whether it says that a footer follows.
    pub(super) marked: bool,
}

const NEWEST: u8 = 8;

/// Reads the base at the beginning of `bytes`.
pub(super) fn read(bytes: &[u8]) -> Result<Base, Damage> {
    let first = *bytes.first().ok_or(Damage::new(0, "there are no bytes"))?;
    let versioned = match first {
        2..=NEWEST => read_version(bytes, first, Wraps::default()),
        _ => Err(Damage::new(
            0,
            "the first byte is no version of the session format (2 to 8): this is not a session, or one of a newer release",
        )),
    };
    // Version 1 has no version byte, so with home DC 2 to 8 it begins like
    // another version. A home DC beyond 2^24 is what the others then make of
    // its next bytes.
    let plain = match &versioned {
        Ok(base) if (base.session.home_dc_id as u32) < 1 << 24 => return versioned,
        _ => read_version(bytes, 1, Wraps::default()),
    };
    match plain {
        Ok(base) if base.end == bytes.len() && plausible(&base.session) => Ok(base),
        _ => versioned,
    }
}

/// Whether these can be the datacentres of a version 1 file.
fn plausible(session: &PersistedSession) -> bool {
    !session.dcs.is_empty() && is_dc(session.home_dc_id) && session.dcs.iter().all(is_plausible)
}

fn is_plausible(dc: &DcEntry) -> bool {
    is_dc(dc.dc_id) && dc.socket_addr().is_ok()
}

fn is_dc(number: i32) -> bool {
    (1..=30_000).contains(&number)
}

/// How often the 16-bit count of each list went round.
#[derive(Clone, Copy, Default)]
struct Wraps {
    channels: usize,
    peers: usize,
    min_peers: usize,
}

const WRAP: usize = 1 << 16;

fn count(r: &mut Reader<'_>, wraps: usize) -> Result<usize, Damage> {
    Ok(usize::from(r.u16()?) + wraps * WRAP)
}

/// What can be read of a base that [`read`] refuses, or that ends where it
/// should not.
///
/// Releases up to 0.6.6 wrote the lower 16 bits of a count and then all rows:
/// the true counts are those with which the whole file comes out even. Failing
/// that, the beginning: the datacentres with their keys, and the counters.
pub(super) fn salvage(bytes: &[u8]) -> Option<PersistedSession> {
    let version = *bytes.first().filter(|version| (2..=NEWEST).contains(*version))?;
    let mut whole = None;
    even_counts(bytes, version, |wraps| {
        whole = read_version(bytes, version, wraps).ok().filter(|base| base.end == bytes.len());
        whole.is_some()
    });
    if let Some(base) = whole {
        return Some(base.session);
    }
    login(bytes, version)
}

/// Counts with which the file may come out even, until `found` says so: from
/// the places of the counts alone, because a large file has a great many.
fn even_counts(bytes: &[u8], version: u8, mut found: impl FnMut(Wraps) -> bool) -> Option<()> {
    const CHANNEL: usize = 12;
    const MIN_PEER: usize = 20;
    let peer = peer_len(version);
    let count = |at: usize| Some(usize::from(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?)));
    // Whether the last bytes, so many, are a token.
    let is_token = |len: usize| {
        let at = bytes.len() - len;
        match bytes.get(at) {
            _ if version < 7 => len == 0,
            Some(1) => count(at + 1).is_some_and(|token| token + 3 == len),
            _ => len == 1,
        }
    };

    let mut r = Reader::from(bytes, 1);
    let _home_dc = r.i32().ok()?;
    for _ in 0..r.u8().ok()? {
        dc(&mut r, version, &mut false, &mut Vec::new()).ok()?;
    }
    let first = r.at() + 16;
    let after_channels = first + 2 + count(first)? * CHANNEL;
    for channels in 0.. {
        let at = after_channels + channels * WRAP * CHANNEL;
        let Some(low) = count(at) else { break };
        let after_peers = at + 2 + low * peer;
        for peers in 0.. {
            let at = after_peers + peers * WRAP * peer;
            if version < 4 {
                if at == bytes.len() && found(Wraps { channels, peers, min_peers: 0 }) {
                    return Some(());
                }
                if at >= bytes.len() {
                    break;
                }
                continue;
            }
            let Some(low) = count(at) else { break };
            let Some(left) = bytes.len().checked_sub(at + 2 + low * MIN_PEER) else { continue };
            // A token is shorter than what one more time round takes.
            let (min_peers, left) = (left / (WRAP * MIN_PEER), left % (WRAP * MIN_PEER));
            if is_token(left) && found(Wraps { channels, peers, min_peers }) {
                return Some(());
            }
        }
    }
    None
}

/// How many bytes a peer takes.
fn peer_len(version: u8) -> usize {
    match version {
        8 => 19,
        6 | 7 => 18,
        _ => 17,
    }
}

/// The datacentres that look like some, as far as they can be read, if the home
/// DC is among them and has a key; and the counters if there are any.
fn login(bytes: &[u8], version: u8) -> Option<PersistedSession> {
    let mut r = Reader::from(bytes, 1);
    let home_dc_id = r.i32().ok()?;
    let mut session = PersistedSession { home_dc_id, ..Default::default() };
    let count = usize::from(r.u8().ok()?);
    while session.dcs.len() < count
        && dc(&mut r, version, &mut false, &mut session.dcs).is_ok()
        && session.dcs.last().is_some_and(|dc| is_dc(dc.dc_id))
    {}
    session.dcs.retain(|dc| is_dc(dc.dc_id));
    let all = session.dcs.len() == count;
    session.dcs.retain(is_plausible);
    let home = |dc: &DcEntry| dc.dc_id == home_dc_id && dc.auth_key.is_some();
    if !plausible(&session) || !session.dcs.iter().any(home) {
        return None;
    }
    if all && let (Ok(pts), Ok(qts), Ok(date), Ok(seq)) = (r.i32(), r.i32(), r.i32(), r.i32()) {
        session.updates_state = UpdatesStateSnap { pts, qts, date, seq, channels: Vec::new() };
    }
    Some(session)
}

fn read_version(bytes: &[u8], version: u8, wraps: Wraps) -> Result<Base, Damage> {
    let mut r = Reader::from(bytes, usize::from(version > 1));
    let mut marked = false;
    let home_dc_id = r.i32()?;
    let mut session = PersistedSession { home_dc_id, ..Default::default() };
    let count = r.u8()?;
    let count = r.fits(count.into(), 18)?;
    session.dcs.reserve_exact(count);
    for _ in 0..count {
        dc(&mut r, version, &mut marked, &mut session.dcs)?;
    }
    if version > 1 {
        session.updates_state = updates(&mut r, wraps.channels)?;
        session.peers = peers(&mut r, version, wraps.peers, &mut marked)?;
    }
    if version >= 4 {
        session.min_peers = min_peers(&mut r, wraps.min_peers)?;
    }
    if version >= 7 {
        session.future_auth_token = token(&mut r, &mut marked)?;
    }
    if marked && version < NEWEST {
        return Err(Damage::new(0, "a version before 8 says that a footer follows"));
    }
    Ok(Base { session, end: r.at(), marked })
}

/// Adds a datacentre, where it is to stay: its key is a good deal to move.
fn dc(
    r: &mut Reader<'_>,
    version: u8,
    marked: &mut bool,
    dcs: &mut Vec<DcEntry>,
) -> Result<(), Damage> {
    let dc_id = r.i32()?;
    let at = r.at();
    let key = match r.u8()? {
        0 => None,
        1 => Some(r.chunk::<256>()?),
        MARKED_NONE => {
            *marked = true;
            None
        }
        _ => return Err(Damage::new(at, "the byte before an auth key is not 0 or 1")),
    };
    let first_salt = r.i64()?;
    let time_offset = r.i32()?;
    let len = r.u8()?;
    let addr = r.text(len.into())?.to_owned();
    let flags = if version >= 3 { DcFlags(r.u8()?) } else { DcFlags::NONE };
    let new = DcEntry { dc_id, addr, auth_key: None, first_salt, time_offset, flags };
    let new = dcs.push_mut(new);
    if let Some(key) = key {
        new.auth_key = Some(*key);
    }
    Ok(())
}

fn updates(r: &mut Reader<'_>, wraps: usize) -> Result<UpdatesStateSnap, Damage> {
    let (pts, qts, date, seq) = (r.i32()?, r.i32()?, r.i32()?, r.i32()?);
    let count = count(r, wraps)?;
    let count = r.fits(count, 12)?;
    let rows = r.take(count * 12)?.as_chunks::<12>().0;
    let channels = rows.iter().map(|row| (le64(row, 0), le32(row, 8))).collect();
    Ok(UpdatesStateSnap { pts, qts, date, seq, channels })
}

fn peers(
    r: &mut Reader<'_>,
    version: u8,
    wraps: usize,
    marked: &mut bool,
) -> Result<Vec<CachedPeer>, Damage> {
    let count = count(r, wraps)?;
    match version {
        8 => peer_rows::<19>(r, count, version, marked),
        6 | 7 => peer_rows::<18>(r, count, version, marked),
        _ => peer_rows::<17>(r, count, version, marked),
    }
}

fn peer_rows<const N: usize>(
    r: &mut Reader<'_>,
    count: usize,
    version: u8,
    marked: &mut bool,
) -> Result<Vec<CachedPeer>, Damage> {
    let count = r.fits(count, N)?;
    let start = r.at();
    let rows = r.take(count * N)?.as_chunks::<N>().0;
    let mut peers = Vec::with_capacity(count);
    for (nth, row) in rows.iter().enumerate() {
        let damage = |at, what| Damage::new(start + nth * N + at, what);
        let last_type = if version >= 5 { 2 } else { 1 };
        if row[16] > last_type {
            return Err(damage(16, "the type of a peer is none that this version has"));
        }
        let channel_kind = match row.get(17) {
            None | Some(0xFF) => None,
            Some(&MARKED_KIND) => {
                *marked = true;
                None
            }
            Some(&kind) => Some(
                ChannelKind::from_byte(kind)
                    .ok_or_else(|| damage(17, "the kind of a channel is none that there is"))?,
            ),
        };
        let is_community = match row.get(18) {
            None | Some(0) => false,
            Some(1) => true,
            Some(_) => return Err(damage(18, "the community byte of a peer is not 0 or 1")),
        };
        peers.push(CachedPeer {
            id: le64(row, 0),
            access_hash: le64(row, 8),
            is_channel: row[16] == 1,
            is_chat: row[16] == 2,
            channel_kind,
            is_community,
        });
    }
    Ok(peers)
}

fn min_peers(r: &mut Reader<'_>, wraps: usize) -> Result<Vec<CachedMinPeer>, Damage> {
    let count = count(r, wraps)?;
    let count = r.fits(count, 20)?;
    let rows = r.take(count * 20)?.as_chunks::<20>().0;
    let min_peer = |row: &[u8; 20]| CachedMinPeer {
        user_id: le64(row, 0),
        peer_id: le64(row, 8),
        msg_id: le32(row, 16),
    };
    Ok(rows.iter().map(min_peer).collect())
}

fn token(r: &mut Reader<'_>, marked: &mut bool) -> Result<Option<Vec<u8>>, Damage> {
    let at = r.at();
    match r.u8()? {
        0 => Ok(None),
        1 => {
            let len = r.u16()?;
            Ok(Some(r.take(len.into())?.to_vec()))
        }
        MARKED_NONE => {
            *marked = true;
            Ok(None)
        }
        _ => Err(Damage::new(at, "the byte before the future auth token is not 0 or 1")),
    }
}

fn le64(row: &[u8], at: usize) -> i64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&row[at..at + 8]);
    i64::from_le_bytes(bytes)
}

fn le32(row: &[u8], at: usize) -> i32 {
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&row[at..at + 4]);
    i32::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each count may have gone round hundreds of times: trying all of them by
    /// reading would take days.
    #[test]
    fn a_large_file_that_never_comes_out_even_is_soon_given_up() {
        let mut session = PersistedSession { home_dc_id: 2, ..PersistedSession::default() };
        session.dcs.push(DcEntry {
            auth_key: Some([7; 256]),
            ..DcEntry::from_parts(2, "127.0.0.1", 443, DcFlags::NONE)
        });
        for fill in [0, 1, 0xFF] {
            let mut bytes = crate::format::encode(&session);
            bytes.resize(200 << 20, fill);
            let salvaged = salvage(&bytes).expect("the login is there");
            assert_eq!(salvaged.dcs, session.dcs);
        }
    }
}
