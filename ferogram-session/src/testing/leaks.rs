//! Looks for secrets where none may be.

use crate::PersistedSession;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use std::collections::HashSet;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex, PoisonError};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// So many bytes of a key do not stand somewhere by chance.
const PIECE: usize = 6;

/// From one piece that is looked for to the next. Not a multiple of 3, so that
/// the pieces stand at every offset that base64 may begin at.
const STRIDE: usize = 5;

/// The secrets of a session, in all the ways in which they might be written.
pub(super) struct Leaks {
    raw: Vec<Vec<u8>>,
    texts: HashSet<(&'static str, String)>,
}

impl Leaks {
    pub(super) fn of(session: &PersistedSession) -> Self {
        let keys = session.dcs.iter().filter_map(|dc| dc.auth_key.map(Vec::from));
        let raw: Vec<Vec<u8>> = keys.chain(session.future_auth_token.clone()).collect();
        let mut texts = HashSet::new();
        for piece in raw.iter().flat_map(|secret| secret.windows(PIECE).step_by(STRIDE)) {
            let numbers = |separator: &str| {
                piece.iter().map(u8::to_string).collect::<Vec<_>>().join(separator)
            };
            let hex: String = piece.iter().map(|byte| format!("{byte:02x}")).collect();
            texts.extend([
                ("bytes in hex", hex.to_uppercase()),
                ("bytes in hex", hex),
                ("bytes as numbers", numbers(", ")),
                ("bytes as numbers", numbers(",")),
                ("bytes as numbers", numbers(",\n")),
                ("escaped bytes", piece.escape_ascii().to_string()),
                ("base64", BASE64_STANDARD_NO_PAD.encode(piece)),
                ("base64", BASE64_URL_SAFE_NO_PAD.encode(piece)),
            ]);
        }
        let salts = session.dcs.iter().map(|dc| ("a salt", dc.first_salt));
        let hashes = session.peers.iter().map(|peer| ("an access hash", peer.access_hash));
        // Small ones stand everywhere.
        for (what, number) in
            salts.chain(hashes).filter(|(_, number)| number.unsigned_abs() > 1 << 32)
        {
            texts.extend([
                (what, number.to_string()),
                (what, (number as u64).to_string()),
                (what, format!("{number:x}")),
                (what, format!("{number:X}")),
            ]);
        }
        Self { raw, texts }
    }

    /// Stops the test if there is a secret in `text`, without showing it.
    #[track_caller]
    pub(super) fn check(&self, text: &str, place: &str) {
        // Lists may be written over several lines, with an indent.
        let dense: String = text.split_whitespace().collect();
        for (what, secret) in &self.texts {
            if text.contains(secret) || dense.contains(secret) {
                panic!("{place} shows {what} of the session");
            }
        }
    }

    /// Whether a piece of a key stands in `bytes`, as it is or written out.
    pub(super) fn found_in_bytes(&self, bytes: &[u8]) -> bool {
        let pieces: HashSet<&[u8]> = self.raw.iter().flat_map(|key| key.windows(PIECE)).collect();
        if bytes.windows(PIECE).any(|piece| pieces.contains(piece)) {
            return true;
        }
        let text: String = bytes.iter().map(|&byte| char::from(byte)).collect();
        self.texts.iter().any(|(what, secret)| *what != "escaped bytes" && text.contains(secret))
    }
}

/// Everything that is logged in this thread, as text.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<String>>);

impl Log {
    pub(super) fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn add(&self, record: impl FnOnce(&mut Line<'_>)) {
        let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        record(&mut Line(&mut text));
        text.push('\n');
    }
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Writing into a string does not fail.
        let _ = write!(self.0, "{}={value:?} ", field.name());
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.add(|line| span.record(line));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        self.add(|line| values.record(line));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.add(|line| event.record(line));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
