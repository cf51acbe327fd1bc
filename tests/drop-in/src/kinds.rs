//! The backends by name, so that another process can open the same session.

use std::sync::Arc;

use ferogram::{BinaryFileBackend, SessionBackend};

/// Opens the backend `kind` on the session at `place`.
///
/// # Panics
///
/// If there is no such kind, or it was not compiled in.
pub fn open(kind: &str, place: &str) -> Arc<dyn SessionBackend> {
    match kind {
        "file" => Arc::new(BinaryFileBackend::new(place)),
        #[cfg(feature = "sqlite")]
        "sqlite" => Arc::new(ferogram::SqliteBackend::new(place)),
        #[cfg(feature = "libsql")]
        "libsql" => Arc::new(ferogram::LibSqlBackend::new(place)),
        other => panic!("no backend of the kind {other:?}"),
    }
}
