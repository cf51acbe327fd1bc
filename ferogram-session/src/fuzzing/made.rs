//! Sessions, records and changes out of a [`Source`].

use super::source::Source;
use crate::data::{
    CachedMinPeer, CachedPeer, ChannelKind, DcEntry, DcFlags, PersistedSession, UpdatesStateSnap,
};
use crate::records::{Change, PeerKind, Record, RecordId, Secret};

pub(crate) fn session(source: &mut Source<'_>) -> PersistedSession {
    let mut session = PersistedSession {
        home_dc_id: source.i32(),
        updates_state: UpdatesStateSnap {
            pts: source.i32(),
            qts: source.i32(),
            date: source.i32(),
            seq: source.i32(),
            channels: Vec::new(),
        },
        future_auth_token: token(source),
        ..PersistedSession::default()
    };
    // Now and then more than a byte counts.
    let dcs = if source.u8() == 255 { 300 } else { source.below(6) };
    session.dcs = (0..dcs).map(|_| dc(source)).collect();
    let count = |source: &mut Source<'_>| source.below(24);
    session.updates_state.channels =
        (0..count(source)).map(|_| (source.i64(), source.i32())).collect();
    session.peers = (0..count(source)).map(|_| peer(source)).collect();
    session.min_peers = (0..count(source)).map(|_| min_peer(source)).collect();
    session
}

fn token(source: &mut Source<'_>) -> Option<Vec<u8>> {
    match source.u8() {
        0..=127 => None,
        // More than 16 bits count.
        255 => Some(vec![source.u8(); 70_000]),
        _ => Some(source.some_bytes(80).to_vec()),
    }
}

pub(crate) fn dc(source: &mut Source<'_>) -> DcEntry {
    let auth_key = match source.u8() {
        0..=99 => None,
        // 256 bytes of input for a key would leave little for the rest.
        100..=199 => Some([source.u8(); 256]),
        _ => Some(source.array()),
    };
    let addr = match source.u8() {
        0..=199 => format!("127.0.0.{}:443", source.u8()),
        200..=254 => source.text(64),
        255 => "a".repeat(200 + source.below(300)),
    };
    DcEntry {
        dc_id: source.i32(),
        addr,
        auth_key,
        first_salt: source.i64(),
        time_offset: source.i32(),
        flags: DcFlags(source.u8()),
    }
}

pub(crate) fn peer(source: &mut Source<'_>) -> CachedPeer {
    let bits = source.u8();
    CachedPeer {
        id: source.i64(),
        access_hash: source.i64(),
        is_channel: bits & 1 != 0,
        is_chat: bits & 2 != 0,
        is_community: bits & 4 != 0,
        channel_kind: ChannelKind::from_byte(bits >> 3 & 3),
    }
}

fn min_peer(source: &mut Source<'_>) -> CachedMinPeer {
    CachedMinPeer { user_id: source.i64(), peer_id: source.i64(), msg_id: source.i32() }
}

pub(crate) fn record(source: &mut Source<'_>) -> Record {
    match source.below(8) {
        0 => Record::HomeDc(source.i32()),
        1 => Record::Dc(Box::new(dc(source))),
        2 => Record::Primary { pts: source.i32(), date: source.i32(), seq: source.i32() },
        3 => Record::Qts(source.i32()),
        4 => Record::Channel { id: source.i64(), pts: source.i32() },
        5 => Record::Peer(peer(source)),
        6 => Record::MinPeer(min_peer(source)),
        _ => Record::Token(Secret(token(source).unwrap_or_default())),
    }
}

fn record_id(source: &mut Source<'_>) -> RecordId {
    let kinds = [PeerKind::User, PeerKind::Chat, PeerKind::Channel, PeerKind::Community];
    match source.below(8) {
        0 => RecordId::HomeDc,
        1 => RecordId::dc(source.i32(), DcFlags(source.u8())),
        2 => RecordId::Primary,
        3 => RecordId::Qts,
        4 => RecordId::Channel(source.i64()),
        5 => RecordId::Peer(kinds[source.below(4)], source.i64()),
        6 => RecordId::MinPeer(source.i64()),
        _ => RecordId::Token,
    }
}

pub(crate) fn change(source: &mut Source<'_>) -> Change {
    match source.below(6) {
        0..=2 => Change::Put(record(source)),
        3 => Change::Remove(record_id(source)),
        4 => Change::MergePeer(peer(source)),
        _ => Change::ClearChannels,
    }
}
