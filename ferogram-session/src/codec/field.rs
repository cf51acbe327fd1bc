//! A record as a field of a key-value store: its name, and its value between
//! a layout byte and a checksum.

use super::CodecFns;
use crate::error::SessionError;
use crate::mode::Field;
use crate::records::{PeerKind, Record, RecordId};
use std::io;

/// The name of the field that holds a record.
pub(crate) fn field_name(id: RecordId) -> String {
    match id {
        RecordId::HomeDc => "home_dc".to_owned(),
        RecordId::Dc { dc_id, class } => format!("dc:{dc_id}:{class}"),
        RecordId::Primary => "primary".to_owned(),
        RecordId::Qts => "qts".to_owned(),
        RecordId::Channel(id) => format!("channel:{id}"),
        RecordId::Peer(kind, id) => {
            let kind = match kind {
                PeerKind::User => "user",
                PeerKind::Chat => "chat",
                PeerKind::Channel => "channel",
                PeerKind::Community => "community",
            };
            format!("peer:{kind}:{id}")
        }
        RecordId::MinPeer(id) => format!("min_peer:{id}"),
        RecordId::Token => "token".to_owned(),
    }
}

/// The record that a field of this name holds. Only what [`field_name`] gives
/// is a name: `channel:+1` would be a second field for one record.
fn field_id(name: &str) -> Option<RecordId> {
    let mut parts = name.split(':');
    let first = parts.next()?;
    let rest: Vec<&str> = parts.collect();
    let id = match (first, rest.as_slice()) {
        ("home_dc", []) => RecordId::HomeDc,
        ("dc", [dc, class]) => RecordId::Dc { dc_id: dc.parse().ok()?, class: class.parse().ok()? },
        ("primary", []) => RecordId::Primary,
        ("qts", []) => RecordId::Qts,
        ("channel", [id]) => RecordId::Channel(id.parse().ok()?),
        ("peer", [kind, id]) => {
            let kind = match *kind {
                "user" => PeerKind::User,
                "chat" => PeerKind::Chat,
                "channel" => PeerKind::Channel,
                "community" => PeerKind::Community,
                _ => return None,
            };
            RecordId::Peer(kind, id.parse().ok()?)
        }
        ("min_peer", [id]) => RecordId::MinPeer(id.parse().ok()?),
        ("token", []) => RecordId::Token,
        _ => return None,
    };
    (field_name(id) == name).then_some(id)
}

pub(crate) fn encode_field(codec: &CodecFns, record: &Record) -> io::Result<Field> {
    let name = field_name(record.id());
    let body = (codec.encode_record)(record)?;
    let mut value = Vec::with_capacity(body.len() + 5);
    value.push(codec.layout);
    value.extend_from_slice(&body);
    let checksum = checksum(&name, &value);
    value.extend_from_slice(&checksum.to_le_bytes());
    Ok(Field { name, value: Some(value) })
}

pub(crate) fn decode_field(codec: &CodecFns, name: &str, value: &[u8]) -> io::Result<Record> {
    let damaged =
        |what: String| io::Error::from(SessionError::corrupt(format!("field `{name}`: {what}")));
    let id = field_id(name).ok_or_else(|| damaged("this is no record of a session".into()))?;
    let Some((content, stored)) = value.split_last_chunk() else {
        return Err(damaged("the value is cut off".into()));
    };
    if checksum(name, content) != u32::from_le_bytes(*stored) {
        return Err(damaged("the checksum does not match".into()));
    }
    let record = match content {
        [layout, body @ ..] if *layout == codec.layout => {
            (codec.decode_record)(id, body).map_err(|error| damaged(error.to_string()))?
        }
        [layout, ..] => {
            let what = format!(
                "the value has layout {layout}, and codec `{}` has {}",
                codec.name, codec.layout
            );
            return Err(SessionError::corrupt(format!("field `{name}`: {what}"))
                .help("use the codec that the session was written with")
                .into());
        }
        [] => return Err(damaged("the value is empty".into())),
    };
    if record.id() != id {
        return Err(damaged("the value is another record".into()));
    }
    Ok(record)
}

/// Over the name too: two values that changed places are damage.
fn checksum(name: &str, value: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(name.as_bytes());
    hasher.update(value);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::super::{Native, codec};
    use super::*;

    #[test]
    fn names_are_read_back_and_nothing_else_is_a_name() {
        let ids = [
            RecordId::HomeDc,
            RecordId::Dc { dc_id: -5, class: 3 },
            RecordId::Channel(i64::MIN),
            RecordId::Peer(PeerKind::Community, 7),
            RecordId::MinPeer(9),
            RecordId::Token,
        ];
        for id in ids {
            assert_eq!(field_id(&field_name(id)), Some(id));
        }
        for name in ["", "peer", "channel:+1", "channel:01", "dc:1", "home_dc:", "peer:bot:1"] {
            assert_eq!(field_id(name), None, "{name}");
        }
    }

    #[test]
    fn a_value_in_another_place_or_with_a_flipped_bit_is_damage() {
        let native = codec::<Native>();
        let field = encode_field(&native, &Record::Qts(5)).unwrap();
        let value = field.value.unwrap();
        assert_eq!(decode_field(&native, "qts", &value).unwrap(), Record::Qts(5));
        assert!(decode_field(&native, "home_dc", &value).is_err());
        for bit in 0..value.len() * 8 {
            let mut flipped = value.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(decode_field(&native, "qts", &flipped).is_err(), "bit {bit}");
        }
    }
}
