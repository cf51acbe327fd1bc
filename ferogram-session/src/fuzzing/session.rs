use super::made;
use super::source::Source;
use super::{codecs, decodes_to_itself, for_each_codec, normal};
use crate::codec::Codec;
use crate::data::PersistedSession;
use crate::records::Records;

/// Any session, through each codec: what is decoded is what was encoded.
pub fn session(data: &[u8]) {
    let session = made::session(&mut Source::new(data));
    let expected = normal(session.clone());
    for_each_codec!(C => {
        let bytes = C::encode(&session).unwrap();
        assert!(normal(C::decode(&bytes).unwrap()) == expected, "{}", C::NAME);
        let records = C::decode_records(&bytes).unwrap();
        assert!(normal(records.into_session()) == expected, "{} as records", C::NAME);
        let bytes = C::encode_records(&Records::from(session.clone())).unwrap();
        assert!(normal(C::decode(&bytes).unwrap()) == expected, "{} of records", C::NAME);
    });
    assert_eq!(session.stats().approx_bytes, session.to_bytes().len());
    let mut twice = expected.clone();
    twice.normalize();
    assert!(twice == expected, "the normal form of a normal form");
}

/// Any bytes, as a session and as a record of each kind.
pub fn raw_session(data: &[u8]) {
    for_each_codec!(C => decodes_to_itself::<C>(data));
    let Some((first, rest)) = data.split_first() else { return };
    let id = made::record(&mut Source::new(&[*first])).id();
    for codec in codecs() {
        if let Ok(record) = (codec.decode_record)(id, rest) {
            let bytes = (codec.encode_record)(&record).unwrap();
            // Counters at zero are not told from counters that are not there.
            let again = (codec.decode_record)(record.id(), &bytes).unwrap();
            assert!(again == record, "{}", codec.name);
        }
    }
    let _ = PersistedSession::from_bytes(rest);
}
