//! The backends that keep files, to do the same with each.

use ferogram_session::{BinaryFileBackend, SessionBackend, SqliteBackend};
use std::path::Path;

/// Makes a backend over a file of this folder.
pub type Make = fn(&Path) -> Box<dyn SessionBackend>;

/// Each of them with a name. The files are called `bot.` something.
#[must_use]
pub fn backends() -> Vec<(&'static str, Make)> {
    vec![
        ("file", |folder| Box::new(BinaryFileBackend::new(folder.join("bot.session")))),
        ("sqlite", |folder| Box::new(SqliteBackend::new(folder.join("bot.db")))),
        #[cfg(feature = "libsql")]
        ("libsql", |folder| {
            Box::new(ferogram_session::LibSqlBackend::new(folder.join("bot.libsql")))
        }),
    ]
}

/// The names in a folder, sorted.
///
/// # Panics
///
/// If it cannot be listed.
#[must_use]
pub fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
