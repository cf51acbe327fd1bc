//! Mends a damaged file, and says what came back and what did not.

use super::files::beside;
use super::report::Report;
use crate::failure::Failure;
use ferogram_session::{
    BinaryFileBackend, InMemoryBackend, PersistedSession, SessionBackend, SessionError, copy,
};
use std::path::Path;

/// What a file may be mended from.
#[derive(Clone, Copy)]
pub(crate) enum Mend {
    /// What is whole.
    Checked,
    /// A login that its own checksum contradicts, if there is nothing better.
    Unchecked,
}

pub(super) fn recover(path: &Path, from: Mend, report: &mut Report) -> Result<(), Failure> {
    let backend = BinaryFileBackend::new(path);
    let damage = backend.load().err();
    let previous = beside(path, ".prev");
    let before = normal(PersistedSession::load(&previous).ok());
    let session = match from {
        Mend::Checked => backend.recover(),
        Mend::Unchecked => backend.recover_unchecked(),
    };
    let session = session.map_err(|error| {
        let mut failure = Failure::from(error);
        if failure.message.contains("recover_unchecked()") {
            failure.message.push_str("; here: doctor --recover --unchecked");
        }
        failure
    })?;
    // In the words of `copy`, of what is now in the file.
    let there = copy(&backend, &InMemoryBackend::new())?.to_string();
    report.good(format!("recovered: {}", there.split_once(": ").map_or("", |(_, what)| what)));
    let given_up = if before.is_some() && before == normal(Some(session)) {
        format!("what was written since {}, which is what came back", previous.display())
    } else if matches!(from, Mend::Unchecked) {
        "what could not be made out of the damaged file, and that every byte is the one that was \
         written"
            .to_owned()
    } else {
        let damage = damage.as_ref().and_then(SessionError::of);
        let at = damage.and_then(|damage| damage.details().offset());
        let at = at.map_or(String::new(), |at| format!(", from byte {at} on"));
        format!("what could not be made out of the damaged file{at}")
    };
    report.note(
        format!("given up: {given_up}"),
        format!("the damaged file is kept as {}", beside(path, ".damaged").display()),
    );
    Ok(())
}

/// Two are the same if these are.
fn normal(mut session: Option<PersistedSession>) -> Option<PersistedSession> {
    session.iter_mut().for_each(PersistedSession::normalize);
    session
}
