//! What the fuzzers of `fuzz/` run: a function for each target, over bytes.
//!
//! They stand here because the decoders are private. `cargo test` runs them
//! too, over the seeds and over a few thousand inputs made from those.

// A panic is the result here, not an accident.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod field;
mod file;
#[cfg(feature = "libsql-session")]
mod literal;
pub(crate) mod made;
mod name;
mod rows;
mod session;
pub(crate) mod source;
mod string;
#[cfg(test)]
mod tests;

pub use field::field;
pub use file::{file, raw_file};
#[cfg(feature = "libsql-session")]
pub use literal::literal;
pub use name::name;
pub use rows::rows;
pub use session::{raw_session, session};
pub use string::string;

use crate::codec::{Codec, CodecFns, codec};
use crate::data::PersistedSession;

/// The normal form, to compare.
fn normal(mut session: PersistedSession) -> PersistedSession {
    session.normalize();
    session
}

/// Every codec that is compiled in.
fn codecs() -> Vec<CodecFns> {
    vec![
        codec::<crate::Native>(),
        #[cfg(feature = "json")]
        codec::<crate::Json>(),
        #[cfg(feature = "bincode")]
        codec::<crate::Bincode>(),
    ]
}

/// Bytes that decode as a session are encoded and decoded as the same one.
fn decodes_to_itself<C: Codec>(bytes: &[u8]) {
    if let Ok(session) = C::decode(bytes) {
        let again = C::encode(&session).unwrap();
        let session = normal(session);
        assert!(normal(C::decode(&again).unwrap()) == session, "{}", C::NAME);
    }
}

/// `$body` over each codec that is compiled in, as `$codec`.
macro_rules! for_each_codec {
    ($codec:ident => $body:expr) => {{
        {
            type $codec = crate::Native;
            $body;
        }
        #[cfg(feature = "json")]
        {
            type $codec = crate::Json;
            $body;
        }
        #[cfg(feature = "bincode")]
        {
            type $codec = crate::Bincode;
            $body;
        }
    }};
}
use for_each_codec;
