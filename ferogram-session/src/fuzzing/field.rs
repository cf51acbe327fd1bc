use super::codecs;
use super::made;
use super::source::Source;
use crate::codec::{decode_field, encode_field};

/// Fields of a key-value store: any record comes back, and any value under any
/// name is a record or an error.
pub fn field(data: &[u8]) {
    let mut source = Source::new(data);
    let record = made::record(&mut source);
    for codec in codecs() {
        let field = encode_field(&codec, &record).unwrap();
        let value = field.value.unwrap();
        assert!(decode_field(&codec, &field.name, &value).unwrap() == record, "{}", codec.name);
    }
    let codecs = codecs();
    let codec = &codecs[source.below(codecs.len())];
    let name = if source.bool() { crate::codec::field_name(record.id()) } else { source.text(40) };
    // With the checksum that belongs to it, or the decoder would see little.
    let mut value = source.rest().to_vec();
    if value.first().is_some_and(|byte| byte % 8 != 0) {
        value[0] = codec.layout;
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(name.as_bytes());
        hasher.update(&value);
        value.extend_from_slice(&hasher.finalize().to_le_bytes());
    }
    if let Ok(record) = decode_field(codec, &name, &value) {
        let field = encode_field(codec, &record).unwrap();
        assert!(field.name == name, "the field of another record");
        assert!(decode_field(codec, &name, &field.value.unwrap()).unwrap() == record);
    }
}
