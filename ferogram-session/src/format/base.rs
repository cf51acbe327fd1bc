//! Writing: version 8, the footer, and what version 8 has no room for.

use super::checksum::crc;
use super::journal::{self, Journal};
use super::record::put_overflow;
use crate::data::{CachedPeer, DcEntry, PersistedSession};
use crate::records::{Parts, Records};

/// Begins the footer: 16 bytes with what follows, and the base's length and
/// checksum.
pub(super) const FOOTER_MAGIC: [u8; 7] = *b"\xFF\xFEferog";
pub(super) const FOOTER_LEN: usize = 16;
/// Bits of the byte after the magic: a cut right behind the footer is seen.
pub(super) const OVERFLOW_FOLLOWS: u8 = 1;
pub(super) const JOURNAL_FOLLOWS: u8 = 2;

/// In place of a zero where version 8 has one to spare and 0.6.6 does not
/// look: tells that a footer follows, so that a cut right behind the base is
/// not taken for a whole file of 0.6.6.
pub(super) const MARKED_NONE: u8 = 2;
/// The same, for the byte of a channel kind.
pub(super) const MARKED_KIND: u8 = 0xFE;

const MAX_DCS: usize = u8::MAX as usize;
const MAX_ROWS: usize = u16::MAX as usize;

/// Whether version 8 has room for all of it.
pub(super) fn fits(parts: &Parts<'_>) -> bool {
    parts.channels.len() <= MAX_ROWS
        && parts.peers.len() <= MAX_ROWS
        && parts.min_peers.len() <= MAX_ROWS
        && each_fits(parts)
}

/// Whether it would have room, were there fewer rows.
fn each_fits(parts: &Parts<'_>) -> bool {
    parts.dcs.len() <= MAX_DCS
        && parts.dcs.iter().all(dc_fits)
        && parts.token.is_none_or(token_fits)
        && parts.peers.iter().all(peer_fits)
}

fn dc_fits(dc: &DcEntry) -> bool {
    dc.addr.len() <= u8::MAX as usize
}

/// The type byte says channel or chat, not both.
fn peer_fits(peer: &CachedPeer) -> bool {
    !(peer.is_channel && peer.is_chat)
}

fn token_fits(token: &[u8]) -> bool {
    token.len() <= u16::MAX as usize
}

/// For the mark that a file begins its journal with: to grow by it would copy all.
const ROOM: usize = Journal::MARK_LEN;

/// Base, footer and overflow. `follows` is [`JOURNAL_FOLLOWS`] or 0. Returns
/// the checksum that the next frame continues, too.
pub(super) fn encode(parts: &Parts<'_>, follows: u8) -> (Vec<u8>, u32) {
    if fits(parts) {
        let mut out = Vec::with_capacity(encoded_len(parts) + ROOM);
        put_base(&mut out, parts);
        let chain = put_footer(&mut out, follows);
        return (out, chain);
    }
    let picked;
    let [mut base, mut rest] = match each_fits(parts) {
        true => cut(parts),
        false => {
            picked = pick(parts);
            picked.each_ref().map(Parts::of)
        }
    };
    // A base without this overflow is another session, so it must say that more
    // follows. Of what can give way to a byte that says so, the token is missed least.
    if !can_be_marked(&base) {
        rest.token = base.token.take();
    }
    // A record begins with what it is of.
    let tags = rest.channels.len() + rest.min_peers.len();
    let mut payload = Vec::with_capacity(encoded_len(&rest) + tags);
    put_overflow(&mut payload, &rest);
    let mut out = Vec::with_capacity(encoded_len(&base) + payload.len() + 16 + ROOM);
    put_base(&mut out, &base);
    let chain = put_footer(&mut out, follows | OVERFLOW_FOLLOWS);
    let chain = journal::put_frame(&mut out, chain, &payload);
    (out, chain)
}

/// The first rows of each kind, and the others: a reader has all of them as they were.
fn cut<'a>(parts: &Parts<'a>) -> [Parts<'a>; 2] {
    fn halves<T>(rows: &[T]) -> (&[T], &[T]) {
        rows.split_at(rows.len().min(MAX_ROWS))
    }
    let (channels, more_channels) = halves(parts.channels);
    let (peers, more_peers) = halves(parts.peers);
    let (min_peers, more_min_peers) = halves(parts.min_peers);
    let base = Parts { channels, peers, min_peers, ..*parts };
    let rest = Parts {
        dcs: &[],
        token: None,
        channels: more_channels,
        peers: more_peers,
        min_peers: more_min_peers,
        ..*parts
    };
    [base, rest]
}

/// What version 8 has room for, and the rest.
fn pick(parts: &Parts<'_>) -> [PersistedSession; 2] {
    // One record for each identity first, so that no record in the overflow
    // can meet another of its identity in the base.
    let mut records = Records::from(parts.to_session());
    records.settle();
    let (mut base, mut rest) = (records.into_session(), PersistedSession::default());
    let home = base.home_dc_id;
    // The addresses of the home DC come first: a login must survive a downgrade.
    base.dcs.sort_by_key(|dc| dc.dc_id != home);
    rest.dcs = take_out(&mut base.dcs, MAX_DCS, dc_fits);
    base.dcs.sort_by_key(|dc| (dc.dc_id, dc.flags.class()));
    if base.future_auth_token.as_deref().is_some_and(|token| !token_fits(token)) {
        rest.future_auth_token = base.future_auth_token.take();
    }
    rest.updates_state.channels = take_out(&mut base.updates_state.channels, MAX_ROWS, |_| true);
    rest.peers = take_out(&mut base.peers, MAX_ROWS, peer_fits);
    rest.min_peers = take_out(&mut base.min_peers, MAX_ROWS, |_| true);
    [base, rest]
}

/// Whether version 8 has a byte to spare in this session; see [`MARKED_NONE`].
fn can_be_marked(parts: &Parts<'_>) -> bool {
    parts.token.is_none()
        || parts.dcs.iter().any(|dc| dc.auth_key.is_none())
        || parts.peers.iter().any(|peer| peer.channel_kind.is_none())
}

fn take_out<T>(rows: &mut Vec<T>, max: usize, fits: impl Fn(&T) -> bool) -> Vec<T> {
    let (mut kept, mut out): (Vec<T>, Vec<T>) = rows.drain(..).partition(fits);
    out.extend(kept.drain(max.min(kept.len())..));
    *rows = kept;
    out
}

pub(super) fn encoded_len(parts: &Parts<'_>) -> usize {
    let dcs: usize = parts
        .dcs
        .iter()
        .map(|dc| 19 + dc.addr.len() + dc.auth_key.map_or(0, |key| key.len()))
        .sum();
    let token = parts.token.map_or(0, |token| 2 + token.len());
    let rows = parts.channels.len() * 12 + parts.peers.len() * 19 + parts.min_peers.len() * 20;
    5 + 1 + dcs + 16 + 2 + 2 + 2 + rows + 1 + token + FOOTER_LEN
}

fn put_base(out: &mut Vec<u8>, parts: &Parts<'_>) {
    // Where the mark goes: into the first byte that can carry it.
    let mark_token = parts.token.is_none();
    let mut mark_dc = !mark_token;
    let mut mark_peer = !mark_token && parts.dcs.iter().all(|dc| dc.auth_key.is_some());

    out.push(8);
    out.extend_from_slice(&parts.home_dc.to_le_bytes());
    out.push(parts.dcs.len() as u8);
    for dc in parts.dcs {
        out.extend_from_slice(&dc.dc_id.to_le_bytes());
        match &dc.auth_key {
            Some(key) => {
                out.push(1);
                out.extend_from_slice(key);
            }
            None => out.push(if std::mem::take(&mut mark_dc) { MARKED_NONE } else { 0 }),
        }
        out.extend_from_slice(&dc.first_salt.to_le_bytes());
        out.extend_from_slice(&dc.time_offset.to_le_bytes());
        out.push(dc.addr.len() as u8);
        out.extend_from_slice(dc.addr.as_bytes());
        out.push(dc.flags.0);
    }
    for counter in [parts.pts, parts.qts, parts.date, parts.seq] {
        out.extend_from_slice(&counter.to_le_bytes());
    }
    put_count(out, parts.channels.len());
    for (id, pts) in parts.channels {
        let mut row = [0; 12];
        row[..8].copy_from_slice(&id.to_le_bytes());
        row[8..].copy_from_slice(&pts.to_le_bytes());
        out.extend_from_slice(&row);
    }
    put_count(out, parts.peers.len());
    for peer in parts.peers {
        let mut row = [0; 19];
        row[..8].copy_from_slice(&peer.id.to_le_bytes());
        row[8..16].copy_from_slice(&peer.access_hash.to_le_bytes());
        row[16] = u8::from(peer.is_channel) | u8::from(peer.is_chat) << 1;
        row[17] = match peer.channel_kind {
            Some(kind) => kind.to_byte(),
            None if std::mem::take(&mut mark_peer) => MARKED_KIND,
            None => 0xFF,
        };
        row[18] = u8::from(peer.is_community);
        out.extend_from_slice(&row);
    }
    put_count(out, parts.min_peers.len());
    for min_peer in parts.min_peers {
        let mut row = [0; 20];
        row[..8].copy_from_slice(&min_peer.user_id.to_le_bytes());
        row[8..16].copy_from_slice(&min_peer.peer_id.to_le_bytes());
        row[16..].copy_from_slice(&min_peer.msg_id.to_le_bytes());
        out.extend_from_slice(&row);
    }
    match parts.token {
        Some(token) => {
            out.push(1);
            put_count(out, token.len());
            out.extend_from_slice(token);
        }
        None => out.push(MARKED_NONE),
    }
}

/// A count that [`fits`], [`cut`] or [`pick`] made sure of.
fn put_count(out: &mut Vec<u8>, count: usize) {
    out.extend_from_slice(&(count as u16).to_le_bytes());
}

/// Closes the base that `out` holds; returns the checksum that the first
/// frame continues.
pub(super) fn put_footer(out: &mut Vec<u8>, follows: u8) -> u32 {
    let base_len = out.len() as u32;
    out.extend_from_slice(&FOOTER_MAGIC);
    out.push(follows);
    out.extend_from_slice(&base_len.to_le_bytes());
    let chain = crc(0, out);
    out.extend_from_slice(&chain.to_le_bytes());
    chain
}

#[cfg(test)]
mod tests {
    use crate::data::{CachedPeer, PersistedSession};
    use crate::format;

    fn peer(id: i64, access_hash: i64) -> CachedPeer {
        CachedPeer {
            id,
            access_hash,
            is_channel: false,
            is_chat: false,
            channel_kind: None,
            is_community: false,
        }
    }

    /// Of two rows of one identity on either side of what version 8 has room for, the
    /// same one wins as if all stood in one list.
    #[test]
    fn rows_stay_in_their_order_whatever_there_is_room_for() {
        const PEERS: i64 = 65_600;
        for (at, again) in [
            ([0, 65_590], [peer(0, 0), peer(0, 7)]),
            ([0, 65_590], [peer(0, 7), peer(0, 0)]),
            ([5, 65_534], [peer(5, 1), peer(5, 2)]),
            ([65_540, 65_541], [peer(65_540, 3), peer(65_540, 0)]),
        ] {
            let mut session = PersistedSession {
                peers: (0..PEERS).map(|id| peer(id, id + 1)).collect(),
                future_auth_token: Some(vec![9; 20]),
                ..Default::default()
            };
            session.updates_state.channels = (0..PEERS).map(|id| (id, 1)).collect();
            session.updates_state.channels[65_599] = (3, 2);
            for (at, peer) in at.into_iter().zip(again) {
                session.peers[at] = peer;
            }
            let mut decoded = format::decode(&format::encode(&session)).unwrap();
            assert_eq!(decoded.peers, session.peers);
            decoded.normalize();
            session.normalize();
            assert!(decoded == session);
        }
    }
}
