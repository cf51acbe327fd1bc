//! The conformance suite over libSQL: a file, memory, a server, and replicas
//! of one.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

use ferogram_session::testing::Place;
use ferogram_session::{LibSqlBackend, SqlExecutor, conformance};
use ferogram_session_servers::SqldDatabase;
use ferogram_session_tests::damage::{another_key, no_head};
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

mod local {
    use super::*;

    fn make(place: &Place) -> LibSqlBackend {
        LibSqlBackend::new(place.dir().join("sessions.db")).session(place.key())
    }

    fn damage(place: &Place) {
        no_head(make(place).__store().executor(), place.key());
    }

    conformance!(
        make,
        persistent,
        power_safe,
        shared,
        conditional,
        many_sessions,
        detects_damage = damage
    );
}

mod in_memory {
    use super::*;

    fn make(place: &Place) -> LibSqlBackend {
        place.shared(|| LibSqlBackend::in_memory().unwrap()).session(place.key())
    }

    fn damage(place: &Place) {
        another_key(make(place).__store().executor(), place.key());
    }

    conformance!(make, persistent, conditional, many_sessions, detects_damage = damage);
}

/// The server of a place, which has a database of its own there. Processes of
/// one place find its address in a file.
fn server(place: &Place) -> String {
    let note = place.dir().join("server");
    if let Ok(url) = fs::read_to_string(&note) {
        return url;
    }
    let database = place.shared(SqldDatabase::open);
    let url = database.url().to_owned();
    fs::write(&note, &url).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(note, fs::Permissions::from_mode(0o600)).unwrap();
    }
    url
}

mod remote {
    use super::*;

    fn make(place: &Place) -> LibSqlBackend {
        LibSqlBackend::remote(server(place), "").session(place.key())
    }

    fn damage(place: &Place) {
        another_key(make(place).__store().executor(), place.key());
    }

    conformance!(make, persistent, shared, conditional, many_sessions, detects_damage = damage);
}

/// An executor that is there to be copied, over the same server.
mod over_http {
    use super::*;
    use example_stores::sql_over_http::{Server, SqlOverHttp};
    use ferogram_session::{Blocking, SessionBackend, SessionCache, SqlStore};

    #[derive(SessionBackend)]
    #[session(rows(key = "{account}"))]
    struct TeamBackend {
        #[session(store)]
        database: SqlStore<Blocking<SqlOverHttp>>,
        #[session(cache)]
        cache: SessionCache,
        account: String,
    }

    fn make(place: &Place) -> TeamBackend {
        let server = Server(server(place).replace("http://", ""));
        TeamBackend {
            database: SqlStore::new(Blocking::new(SqlOverHttp(server))),
            cache: SessionCache::new(),
            account: place.key().to_owned(),
        }
    }

    fn damage(place: &Place) {
        another_key(make(place).database.executor(), place.key());
    }

    conformance!(make, persistent, shared, conditional, many_sessions, detects_damage = damage);
}

mod replica {
    use super::*;

    /// Two copies, so that one is behind when the other was written through.
    /// Other processes have copies of their own: no two programs share one.
    struct Copies {
        open: [LibSqlBackend; 2],
        next: AtomicUsize,
    }

    fn make(place: &Place) -> LibSqlBackend {
        // Before: one thing is made at a time.
        let server = server(place);
        let copies = place.shared(|| {
            let process = std::process::id();
            let open = [0, 1].map(|nth| {
                let copy = place.dir().join(format!("copy-{process}-{nth}.db"));
                LibSqlBackend::open_replica(copy, &server, "").unwrap()
            });
            Copies { open, next: AtomicUsize::new(0) }
        });
        let nth = copies.next.fetch_add(1, Ordering::SeqCst) % 2;
        copies.open[nth].session(place.key())
    }

    fn damage(place: &Place) {
        no_head(make(place).__store().executor(), place.key());
        // Each copy has it.
        for _ in 0..2 {
            make(place).__store().executor().refresh().unwrap();
        }
    }

    conformance!(make, persistent, shared, conditional, many_sessions, detects_damage = damage);
}
