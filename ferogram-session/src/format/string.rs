//! String sessions: the native format in base64, and the two compact ones.

use super::compact::StringSession;
use super::wire::Damage;
use crate::data::PersistedSession;
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// URL-safe, written without padding, read with or without.
pub(crate) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(crate) fn encode(session: &PersistedSession) -> String {
    BASE64.encode(super::encode(session))
}

/// Decodes a native or compact string.
pub(crate) fn decode(text: &str) -> Result<PersistedSession, Damage> {
    let start = text.len() - text.trim_start().len();
    let bytes = BASE64.decode(text.trim()).map_err(|error| match error {
        base64::DecodeError::InvalidByte(at, _)
        | base64::DecodeError::InvalidLastSymbol { offset: at, .. } => {
            Damage::new(start + at, "this character is none of a string session")
        }
        _ => Damage::new(text.len(), "the string session is cut off"),
    })?;
    match StringSession::from_compact(&bytes) {
        Some(compact) => Ok(PersistedSession::from(&compact)),
        None => super::decode(&bytes),
    }
}
