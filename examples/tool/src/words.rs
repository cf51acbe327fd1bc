//! What the library advises, for someone who has a command line and no code.

use ferogram_session::SessionError;

const RECOVER: [&str; 3] = [
    "let a `BinaryFileBackend` at this path `recover()` it",
    "call `recover()`; to begin anew, call `delete()`",
    "call `recover()`",
];

/// `text` is of an error, and `found` that error.
pub(crate) fn of_the_tool(text: &str, found: Option<&SessionError>) -> String {
    let file = found.and_then(|found| found.details().key()).unwrap_or("..");
    let recover = format!("mend it with `session-tool doctor --recover file:{file}`");
    let text = RECOVER.iter().fold(text.to_owned(), |text, words| text.replace(words, &recover));
    text.replace("with `CopyOptions::new().overwrite(true)`", "with --overwrite")
}
