//! A record, or a change, as bytes: in a journal, in an overflow, and as the
//! value of a field in a key-value store.

use super::wire::{Damage, Reader, put_varint};
use crate::data::{CachedMinPeer, CachedPeer, ChannelKind, DcEntry, DcFlags};
use crate::records::{Change, Parts, PeerKind, Record, RecordId, Secret};

pub(super) mod tag {
    pub(super) const HOME_DC: u8 = 1;
    pub(super) const DC: u8 = 2;
    pub(super) const PRIMARY: u8 = 3;
    pub(super) const QTS: u8 = 4;
    pub(super) const CHANNEL: u8 = 5;
    pub(super) const PEER: u8 = 6;
    pub(super) const MIN_PEER: u8 = 7;
    pub(super) const TOKEN: u8 = 8;
    /// Added to one of the above: the record is taken away.
    pub(super) const REMOVE: u8 = 0x10;
    pub(super) const MERGE_PEER: u8 = 0x20;
    pub(super) const CLEAR_CHANNELS: u8 = 0x21;
    /// The salt and the time offset of a datacentre of which the journal, or the
    /// base, has said the rest.
    pub(in crate::format) const SALT: u8 = 0x22;
}

pub(super) fn put_change(out: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Put(record) => put_record(out, record),
        Change::Remove(id) => put_removal(out, *id),
        Change::MergePeer(peer) => put_peer(out, tag::MERGE_PEER, peer),
        Change::ClearChannels => out.push(tag::CLEAR_CHANNELS),
    }
}

pub(super) fn read_change(r: &mut Reader<'_>) -> Result<Change, Damage> {
    let at = r.at();
    Ok(match r.u8()? {
        tag::MERGE_PEER => Change::MergePeer(peer(r)?),
        tag::CLEAR_CHANNELS => Change::ClearChannels,
        put @ tag::HOME_DC..=tag::TOKEN => Change::Put(record(r, put)?),
        other => Change::Remove(removal(r, other, at)?),
    })
}

/// A record as bytes of its own.
pub(crate) fn encode_record(record: &Record) -> Vec<u8> {
    let mut out = Vec::with_capacity(24);
    put_record(&mut out, record);
    out
}

/// What [`encode_record`] made; nothing may follow.
pub(crate) fn decode_record(bytes: &[u8]) -> Result<Record, Damage> {
    let mut r = Reader::new(bytes);
    let tag = r.u8()?;
    let record = record(&mut r, tag)?;
    match r.rest() {
        0 => Ok(record),
        _ => Err(Damage::new(r.at(), "bytes follow the record")),
    }
}

fn put_record(out: &mut Vec<u8>, record: &Record) {
    match record {
        Record::HomeDc(dc) => {
            out.push(tag::HOME_DC);
            out.extend_from_slice(&dc.to_le_bytes());
        }
        Record::Dc(dc) => put_dc(out, dc),
        Record::Primary { pts, date, seq } => {
            out.push(tag::PRIMARY);
            [pts, date, seq]
                .iter()
                .for_each(|counter| out.extend_from_slice(&counter.to_le_bytes()));
        }
        Record::Qts(qts) => {
            out.push(tag::QTS);
            out.extend_from_slice(&qts.to_le_bytes());
        }
        Record::Channel { id, pts } => put_channel(out, (*id, *pts)),
        Record::Peer(peer) => put_peer(out, tag::PEER, peer),
        Record::MinPeer(min_peer) => put_min_peer(out, min_peer),
        Record::Token(token) => put_token(out, &token.0),
    }
}

/// What a list has too many of, and a token, one behind the other: not the home DC and
/// the counters, for which there is always room.
pub(super) fn put_overflow(out: &mut Vec<u8>, parts: &Parts<'_>) {
    parts.dcs.iter().for_each(|dc| put_dc(out, dc));
    parts.token.into_iter().for_each(|token| put_token(out, token));
    parts.channels.iter().for_each(|channel| put_channel(out, *channel));
    parts.peers.iter().for_each(|peer| put_peer(out, tag::PEER, peer));
    parts.min_peers.iter().for_each(|min_peer| put_min_peer(out, min_peer));
}

fn put_dc(out: &mut Vec<u8>, dc: &DcEntry) {
    out.push(tag::DC);
    out.extend_from_slice(&dc.dc_id.to_le_bytes());
    out.push(dc.flags.0);
    out.extend_from_slice(&dc.first_salt.to_le_bytes());
    out.extend_from_slice(&dc.time_offset.to_le_bytes());
    put_bytes(out, dc.addr.as_bytes());
    out.push(u8::from(dc.auth_key.is_some()));
    out.extend_from_slice(dc.auth_key.as_ref().map_or(&[], <[u8; 256]>::as_slice));
}

fn put_channel(out: &mut Vec<u8>, (id, pts): (i64, i32)) {
    out.push(tag::CHANNEL);
    out.extend_from_slice(&id.to_le_bytes());
    out.extend_from_slice(&pts.to_le_bytes());
}

fn put_min_peer(out: &mut Vec<u8>, min_peer: &CachedMinPeer) {
    out.push(tag::MIN_PEER);
    out.extend_from_slice(&min_peer.user_id.to_le_bytes());
    out.extend_from_slice(&min_peer.peer_id.to_le_bytes());
    out.extend_from_slice(&min_peer.msg_id.to_le_bytes());
}

fn put_token(out: &mut Vec<u8>, token: &[u8]) {
    out.push(tag::TOKEN);
    put_bytes(out, token);
}

fn record(r: &mut Reader<'_>, tag: u8) -> Result<Record, Damage> {
    Ok(match tag {
        tag::HOME_DC => Record::HomeDc(r.i32()?),
        tag::DC => Record::Dc(Box::new(dc(r)?)),
        tag::PRIMARY => Record::Primary { pts: r.i32()?, date: r.i32()?, seq: r.i32()? },
        tag::QTS => Record::Qts(r.i32()?),
        tag::CHANNEL => Record::Channel { id: r.i64()?, pts: r.i32()? },
        tag::PEER => Record::Peer(peer(r)?),
        tag::MIN_PEER => Record::MinPeer(CachedMinPeer {
            user_id: r.i64()?,
            peer_id: r.i64()?,
            msg_id: r.i32()?,
        }),
        tag::TOKEN => {
            let len = r.varint()?;
            Record::Token(Secret(r.take(len)?.to_vec()))
        }
        _ => {
            return Err(Damage::new(r.at().saturating_sub(1), "this is no kind of record"));
        }
    })
}

fn dc(r: &mut Reader<'_>) -> Result<DcEntry, Damage> {
    let dc_id = r.i32()?;
    let flags = DcFlags(r.u8()?);
    let first_salt = r.i64()?;
    let time_offset = r.i32()?;
    let len = r.varint()?;
    let addr = r.text(len)?.to_owned();
    let at = r.at();
    let auth_key = match r.u8()? {
        0 => None,
        1 => Some(r.array()?),
        _ => return Err(Damage::new(at, "the byte before an auth key is not 0 or 1")),
    };
    Ok(DcEntry { dc_id, addr, auth_key, first_salt, time_offset, flags })
}

/// Bits of the last byte of a peer; above them one more than the channel kind.
const IS_CHANNEL: u8 = 1;
const IS_CHAT: u8 = 2;
const IS_COMMUNITY: u8 = 4;
const KIND_SHIFT: u8 = 3;

fn put_peer(out: &mut Vec<u8>, tag: u8, peer: &CachedPeer) {
    let mut bits = peer.channel_kind.map_or(0, |kind| kind.to_byte() + 1) << KIND_SHIFT;
    for (set, bit) in
        [(peer.is_channel, IS_CHANNEL), (peer.is_chat, IS_CHAT), (peer.is_community, IS_COMMUNITY)]
    {
        bits |= if set { bit } else { 0 };
    }
    // In one piece: there may be many, one behind the other.
    let mut record = [0; 1 + PEER_LEN];
    record[0] = tag;
    record[1..9].copy_from_slice(&peer.id.to_le_bytes());
    record[9..17].copy_from_slice(&peer.access_hash.to_le_bytes());
    record[17] = bits;
    out.extend_from_slice(&record);
}

/// Length of a peer as a record, behind its tag.
const PEER_LEN: usize = 8 + 8 + 1;

fn peer(r: &mut Reader<'_>) -> Result<CachedPeer, Damage> {
    let at = r.at();
    peer_of(&r.array()?, at)
}

/// The peers that come next, one after the other, without anything between
/// them; there may be none.
pub(super) fn read_peers(r: &mut Reader<'_>, peers: &mut Vec<CachedPeer>) -> Result<(), Damage> {
    const LEN: usize = 1 + PEER_LEN;
    let (records, _) = r.left().as_chunks::<LEN>();
    let count = records.iter().take_while(|record| record[0] == tag::PEER).count();
    peers.reserve_exact(count);
    let at = r.at();
    for (nth, record) in records[..count].iter().enumerate() {
        let [_, fields @ ..] = record;
        peers.push(peer_of(fields, at + nth * LEN + 1)?);
    }
    r.take(count * LEN).map(drop)
}

/// The peer whose fields stand at `at`.
fn peer_of(fields: &[u8; PEER_LEN], at: usize) -> Result<CachedPeer, Damage> {
    let mut r = Reader::new(fields);
    let (id, access_hash, bits) = (r.i64()?, r.i64()?, r.u8()?);
    let channel_kind = match bits >> KIND_SHIFT {
        0 => None,
        kind => Some(ChannelKind::from_byte(kind - 1).ok_or(Damage::new(
            at + PEER_LEN - 1,
            "the kind of a channel is none that there is",
        ))?),
    };
    Ok(CachedPeer {
        id,
        access_hash,
        is_channel: bits & IS_CHANNEL != 0,
        is_chat: bits & IS_CHAT != 0,
        channel_kind,
        is_community: bits & IS_COMMUNITY != 0,
    })
}

fn put_removal(out: &mut Vec<u8>, id: RecordId) {
    let mut put = |tag: u8, content: &[u8]| {
        out.push(tag::REMOVE + tag);
        out.extend_from_slice(content);
    };
    match id {
        RecordId::HomeDc => put(tag::HOME_DC, &[]),
        RecordId::Dc { dc_id, class } => {
            put(tag::DC, &dc_id.to_le_bytes());
            out.push(class);
        }
        RecordId::Primary => put(tag::PRIMARY, &[]),
        RecordId::Qts => put(tag::QTS, &[]),
        RecordId::Channel(id) => put(tag::CHANNEL, &id.to_le_bytes()),
        RecordId::Peer(kind, id) => {
            put(tag::PEER, &id.to_le_bytes());
            out.push(kind as u8);
        }
        RecordId::MinPeer(id) => put(tag::MIN_PEER, &id.to_le_bytes()),
        RecordId::Token => put(tag::TOKEN, &[]),
    }
}

fn removal(r: &mut Reader<'_>, found: u8, at: usize) -> Result<RecordId, Damage> {
    let unknown = Damage::new(at, "this is no kind of change");
    Ok(match found.checked_sub(tag::REMOVE).ok_or(unknown)? {
        tag::HOME_DC => RecordId::HomeDc,
        tag::DC => RecordId::dc(r.i32()?, DcFlags(r.u8()?)),
        tag::PRIMARY => RecordId::Primary,
        tag::QTS => RecordId::Qts,
        tag::CHANNEL => RecordId::Channel(r.i64()?),
        tag::PEER => {
            let id = r.i64()?;
            let at = r.at();
            let kind = match r.u8()? {
                0 => PeerKind::User,
                1 => PeerKind::Chat,
                2 => PeerKind::Channel,
                3 => PeerKind::Community,
                _ => return Err(Damage::new(at, "this is no kind of peer")),
            };
            RecordId::Peer(kind, id)
        }
        tag::MIN_PEER => RecordId::MinPeer(r.i64()?),
        tag::TOKEN => RecordId::Token,
        _ => return Err(unknown),
    })
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_varint(out, bytes.len());
    out.extend_from_slice(bytes);
}
