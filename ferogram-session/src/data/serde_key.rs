//! The auth key as serde sees it: `null`, or a sequence of 256 numbers, as
//! sessions stored as JSON since 0.6 have it.

use serde::de::{Error, SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserializer, Serializer};
use std::fmt;

pub(super) fn serialize<S: Serializer>(
    key: &Option<[u8; 256]>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    struct Bytes<'a>(&'a [u8; 256]);
    impl serde::Serialize for Bytes<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut seq = serializer.serialize_seq(Some(self.0.len()))?;
            for byte in self.0 {
                seq.serialize_element(byte)?;
            }
            seq.end()
        }
    }
    match key {
        Some(key) => serializer.serialize_some(&Bytes(key)),
        None => serializer.serialize_none(),
    }
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<[u8; 256]>, D::Error> {
    struct Key([u8; 256]);
    impl<'de> serde::Deserialize<'de> for Key {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_seq(KeyVisitor).map(Key)
        }
    }
    let key: Option<Key> = serde::Deserialize::deserialize(deserializer)?;
    Ok(key.map(|key| key.0))
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = [u8; 256];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an auth key of 256 bytes")
    }

    // Filled in place: a hostile length asks for no memory.
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<[u8; 256], A::Error> {
        let mut key = [0; 256];
        for (at, byte) in key.iter_mut().enumerate() {
            *byte = seq.next_element()?.ok_or_else(|| A::Error::invalid_length(at, &self))?;
        }
        match seq.next_element::<u8>()? {
            None => Ok(key),
            Some(_) => Err(A::Error::invalid_length(257, &self)),
        }
    }
}
