//! A file of another kind than the place says.

use crate::failure::Failure;
use crate::place::Place;
use ferogram_session::PersistedSession;
use std::fs::File;
use std::io::Read;
use std::path::Path;

const SQLITE: &[u8] = b"SQLite format 3\0";
const REDB: &[u8] = b"redb\x1A\n\xA9\r\n";

/// Fails if the file is there and of a kind that has another scheme.
pub(crate) fn check(place: &Place) -> Result<(), Failure> {
    let Some(path) = place.file() else { return Ok(()) };
    let (kind, schemes) = match begins(path) {
        bytes if bytes.starts_with(SQLITE) => ("an SQLite file", &["sqlite", "libsql"][..]),
        bytes if bytes.starts_with(REDB) => ("a redb file", &["redb"][..]),
        // Any other file may be a session that is damaged; a database is not.
        _ if !matches!(place, Place::File(_)) && PersistedSession::load(path).is_ok() => {
            ("a session file", &["file"][..])
        }
        _ => return Ok(()),
    };
    let shown = place.shown();
    let scheme = shown.split(':').next().unwrap_or_default();
    if schemes.contains(&scheme) {
        return Ok(());
    }
    let session = if kind == "an SQLite file" { "?session=.." } else { "" };
    let path = path.display();
    Err(Failure::usage(format!("{path} is {kind}: write {}:{path}{session}", schemes[0])))
}

fn begins(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(file) = File::open(path) {
        // What cannot be read is for the backend to say.
        let _ = file.take(16).read_to_end(&mut bytes);
    }
    bytes
}
