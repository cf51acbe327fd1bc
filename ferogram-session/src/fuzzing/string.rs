use super::normal;
use crate::data::PersistedSession;
use crate::format::compact::StringSession;
use crate::format::string::BASE64;
use crate::{SessionBackend, StringSessionBackend};
use base64::Engine;

/// Any text, and the text that any bytes make, as a string session.
pub fn string(data: &[u8]) {
    one(&BASE64.encode(data));
    if let Ok(text) = str::from_utf8(data) {
        one(text);
    }
}

fn one(text: &str) {
    if let Ok(compact) = StringSession::decode(text) {
        assert!(
            StringSession::decode(&compact.encode_v1()).unwrap().session() == compact.session()
        );
        assert!(StringSession::decode(&compact.encode()).unwrap().session() == compact.session());
        if compact.version() == 1 {
            assert!(StringSession::decode(&compact.encode_v1()).unwrap() == compact);
        }
    }
    let backend = StringSessionBackend::new(text);
    match PersistedSession::from_string(text) {
        Ok(session) => {
            let again = PersistedSession::from_string(&session.to_string()).unwrap();
            assert!(normal(again) == normal(session.clone()));
            let loaded = backend.load().unwrap().unwrap();
            assert!(normal(loaded) == normal(session));
        }
        Err(_) if text.trim().is_empty() => {}
        Err(_) => {
            assert!(backend.load().is_err());
            assert!(backend.set_home_dc(1).is_err());
            assert!(backend.current() == text);
        }
    }
}
