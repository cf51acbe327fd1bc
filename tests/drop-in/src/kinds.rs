//! The backends by name, so that another process can open the same session.

use std::sync::Arc;

use ferogram::{BinaryFileBackend, SessionBackend};
#[cfg(feature = "contrib")]
use ferogram_session_s3::{S3Backend, S3Config};
#[cfg(feature = "contrib")]
use ferogram_session_servers::s3::BUCKET;

/// Opens the backend `kind` on the session at `place`: a path, or the URL of a
/// server (and the key to it, where it has one) and, behind a `#`, a session.
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
        #[cfg(feature = "libsql")]
        "libsql-server" => {
            let (url, session) = on_server(place);
            Arc::new(ferogram::LibSqlBackend::remote(url, "").session(session))
        }
        // A program has a copy to itself; its path stands in front.
        #[cfg(feature = "libsql")]
        "libsql-replica" => {
            let (url, session) = on_server(place);
            let (path, url) = url.split_once(' ').expect("a path and a URL");
            let copy = ferogram::LibSqlBackend::open_replica(path, url, "").expect("opens");
            Arc::new(copy.session(session))
        }
        #[cfg(feature = "contrib")]
        "redb" => Arc::new(ferogram_session_redb::RedbBackend::new(place)),
        #[cfg(feature = "contrib")]
        "redis" => {
            let (url, session) = on_server(place);
            Arc::new(ferogram_session_redis::RedisBackend::new(url, session))
        }
        #[cfg(feature = "contrib")]
        "postgres" => {
            let (url, session) = on_server(place);
            Arc::new(ferogram_session_postgres::PostgresBackend::new(url, session))
        }
        #[cfg(feature = "contrib")]
        "s3" => {
            let (note, session) = on_server(place);
            let [url, id, secret] = note.split(' ').collect::<Vec<_>>().try_into().unwrap();
            let config = S3Config::new(format!("s3://{BUCKET}/bots"));
            Arc::new(S3Backend::with(config.endpoint(url).credentials(id, secret), session))
        }
        other => panic!("no backend of the kind {other:?}"),
    }
}

#[cfg(any(feature = "contrib", feature = "libsql"))]
fn on_server(place: &str) -> (&str, &str) {
    place.rsplit_once('#').expect("a URL, and behind a # a session")
}
