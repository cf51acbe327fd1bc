//! The quickstart with one line changed, and a session that goes from one
//! backend to the next: a file, SQLite, libSQL, a libSQL server.

use ferogram_session::{BinaryFileBackend, SessionBackend, SqliteBackend, copy};
use ferogram_session_tests::sessions::{beyond_version_8, normal, user};
use std::process::Command;

/// Runs the quickstart as a program of its own.
fn run(name: &str, main: fn() -> std::io::Result<()>, url: &str) {
    if std::env::var_os("SESSION_TEST_CHILD").is_some() {
        main().unwrap();
        std::process::exit(0);
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env("SESSION_TEST_CHILD", "yes")
        .env("SESSION_TEST_URL", url)
        .output()
        .unwrap();
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
    for line in [
        "one more peer, and a restart: home dc 2, 1 auth key, pts 4711, 1001 peers",
        ": copied: home dc 2, 1 auth key (1 address), 1001 peers,",
        "deleted, and the keys with them: no session",
    ] {
        assert!(out.contains(line), "{out}");
    }
}

macro_rules! quickstart {
    ($name:ident, $module:ident, $file:literal, $url:expr) => {
        mod $module {
            include!(concat!(env!("OUT_DIR"), $file));

            pub(super) fn start() -> io::Result<()> {
                main()
            }
        }

        #[test]
        fn $name() {
            run(stringify!($name), $module::start, &$url);
        }
    };
}

quickstart!(quickstart_with_a_file, file, "/file.rs", "");
quickstart!(quickstart_with_sqlite, sqlite, "/sqlite.rs", "");
#[cfg(feature = "libsql")]
quickstart!(quickstart_with_libsql, libsql, "/libsql.rs", "");
#[cfg(feature = "libsql")]
quickstart!(quickstart_with_a_server, remote, "/remote.rs", server());

#[cfg(feature = "libsql")]
fn server() -> String {
    use ferogram_session_servers::SqldDatabase;
    use std::sync::OnceLock;
    if std::env::var_os("SESSION_TEST_CHILD").is_some() {
        return String::new();
    }
    static SERVER: OnceLock<SqldDatabase> = OnceLock::new();
    SERVER.get_or_init(SqldDatabase::open).url().to_owned()
}

#[test]
fn a_session_goes_from_one_to_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let mut login = beyond_version_8();
    let first = BinaryFileBackend::new(path("bot.session"));
    first.save(&login).unwrap();
    let backends: Vec<Box<dyn SessionBackend>> =
        vec![Box::new(first), Box::new(SqliteBackend::new(path("bot.db")))];
    #[cfg(feature = "libsql")]
    {
        use ferogram_session::LibSqlBackend;
        let mut backends = backends;
        let server = ferogram_session_servers::sqld::Sqld::open();
        backends.push(Box::new(LibSqlBackend::new(path("other.db"))));
        backends.push(Box::new(LibSqlBackend::remote(server.url(), "")));
        let copy = path("copy.db");
        let other = ferogram_session_servers::sqld::Sqld::open();
        backends.push(Box::new(LibSqlBackend::open_replica(copy, other.url(), "").unwrap()));
        // And back.
        backends.push(Box::new(SqliteBackend::new(path("back.db"))));
        go(&mut login, &backends);
        drop((backends, server, other));
    }
    #[cfg(not(feature = "libsql"))]
    go(&mut login, &backends);
}

/// Each serves what the one before stored, and goes on from there.
fn go(login: &mut ferogram_session::PersistedSession, backends: &[Box<dyn SessionBackend>]) {
    for (pair, id) in backends.windows(2).zip(5_000..) {
        let (from, to) = (&*pair[0], &*pair[1]);
        let _ = copy(from, to).unwrap();
        assert_eq!(to.load().unwrap().map(normal), Some(normal(login.clone())), "{}", to.name());
        to.cache_peer(&user(id, id)).unwrap();
        login.peers.push(user(id, id));
        assert_eq!(to.load().unwrap().map(normal), Some(normal(login.clone())), "{}", to.name());
    }
}
