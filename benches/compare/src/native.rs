//! The native format, as bytes and as a string.

use crate::measure::Bench;
use ferogram_session::PersistedSession;
use std::io;

pub(crate) fn run(bench: &Bench, session: &PersistedSession) -> io::Result<()> {
    let bytes = session.to_bytes();
    let text = session.to_string();
    bench.each("native/encode", &mut (), |()| {}, |()| session.to_bytes());
    bench.each(
        "native/decode",
        &mut (),
        |()| {},
        |()| PersistedSession::from_bytes(&bytes).expect("decodes"),
    );
    bench.each("native/encode as a string", &mut (), |()| {}, |()| session.to_string());
    bench.each(
        "native/decode a string",
        &mut (),
        |()| {},
        |()| PersistedSession::from_string(&text).expect("decodes"),
    );
    bench.value("native/length", bytes.len() as u64);
    Ok(())
}
