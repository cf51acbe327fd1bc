//! What the library advises, for someone who has a command line and no code.

const WORDS: [(&str, &str); 4] = [
    ("let a `BinaryFileBackend` at this path `recover()` it", RECOVER),
    ("call `recover()`; to begin anew, call `delete()`", RECOVER),
    ("call `recover()`", RECOVER),
    ("with `CopyOptions::new().overwrite(true)`", "with --overwrite"),
];

const RECOVER: &str = "mend it with `session-tool doctor --recover file:..`";

pub(crate) fn of_the_tool(text: &str) -> String {
    WORDS.iter().fold(text.to_owned(), |text, (library, tool)| text.replace(library, tool))
}
