use ferogram_session::{LibSqlBackend, SessionBackend, SessionError};
use ferogram_session_servers::proxy::{Fault, Proxy};
use ferogram_session_servers::{free_address, sqld::Sqld};
use ferogram_session_tests::child::{child, is_child};
use ferogram_session_tests::sessions::{full, normal, user};
use std::fs;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::tempdir;

/// What calls warn of, by `tracing`.
fn warnings<T>(calls: impl FnOnce() -> T) -> Vec<String> {
    let log = Warnings::default();
    // Were it the only subscriber, a place in the code that another thread meets first
    // would count as one that nobody listens to.
    let _second = tracing::Dispatch::new(log.clone());
    tracing::subscriber::with_default(log.clone(), calls);
    log.0.lock().unwrap().clone()
}

#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

impl tracing::Subscriber for Warnings {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() == tracing::Level::WARN
    }

    fn event(&self, event: &tracing::Event<'_>) {
        let mut said = String::new();
        event.record(&mut |field: &tracing::field::Field, value: &dyn std::fmt::Debug| {
            said.push_str(&format!("{field} {value:?}\n"));
        });
        self.0.lock().unwrap().push(said);
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::Id {
        tracing::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::Id, _: &tracing::Id) {}

    fn enter(&self, _: &tracing::Id) {}

    fn exit(&self, _: &tracing::Id) {}
}

#[test]
fn what_one_replica_writes_the_other_reads() {
    let server = Sqld::open();
    let folder = tempdir().unwrap();
    let open = |name: &str| {
        LibSqlBackend::open_replica(folder.path().join(name), server.url(), "").unwrap()
    };
    let (first, second) = (open("first.db"), open("second.db"));
    assert!(first.name().ends_with(&format!("first.db (replica of {})", server.url())));
    assert!(first.load().unwrap().is_none(), "synced, and there is none");
    let mut session = full(300);
    session.dcs[0].addr = "a\0b".into();
    first.save(&session).unwrap();
    assert_eq!(second.load().unwrap().map(normal), Some(normal(session.clone())));
    // Each time the other's cache and copy are behind.
    for round in 0..5 {
        first.set_home_dc(round).unwrap();
        second.cache_peer(&user(1_000 + i64::from(round), 0)).unwrap();
        second.save(&session).unwrap();
        assert_eq!(first.load().unwrap().map(normal), Some(normal(session.clone())));
    }
    second.delete().unwrap();
    assert!(first.load().unwrap().is_none());
    assert!(second.load().unwrap().is_none());
}

#[test]
fn never_filled_is_not_no_session() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("copy.db");
    let nowhere = format!("http://{}", free_address());
    for _ in 0..2 {
        let began = Instant::now();
        let error = LibSqlBackend::open_replica(&path, &nowhere, "").map(drop).unwrap_err();
        assert!(matches!(SessionError::of(&error), Some(SessionError::Unavailable(_))), "{error}");
        assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
        eprintln!("{error} after {:?}", began.elapsed());
    }
    // The same file can still become a copy.
    let server = Sqld::open();
    LibSqlBackend::remote(server.url(), "").save(&full(2)).unwrap();
    let replica = LibSqlBackend::open_replica(&path, server.url(), "").unwrap();
    assert_eq!(replica.load().unwrap().map(normal), Some(normal(full(2))));
}

#[test]
fn the_copy_is_read_while_the_server_is_down_and_followed_when_it_is_back() {
    let mut server = Sqld::open();
    let folder = tempdir().unwrap();
    let path = folder.path().join("copy.db");
    let replica = LibSqlBackend::open_replica(&path, server.url(), "").unwrap();
    replica.save(&full(3)).unwrap();
    assert!(replica.load().unwrap().is_some());
    assert_eq!(warnings(|| replica.load().unwrap()), [""; 0]);
    server.kill();
    let said = warnings(|| {
        assert_eq!(replica.load().unwrap().map(normal), Some(normal(full(3))));
    });
    let [said] = &said[..] else { panic!("{said:?}") };
    assert!(said.contains("local copy, which may be behind") && said.contains("copy.db"), "{said}");
    let error = replica.set_home_dc(5).unwrap_err();
    assert!(matches!(SessionError::of(&error), Some(SessionError::Unavailable(_))), "{error}");
    // That nothing changed is not believed of a copy.
    replica.save(&full(3)).unwrap_err();
    drop(replica);
    // Opened anew, too.
    let began = Instant::now();
    let replica = LibSqlBackend::open_replica(&path, server.url(), "").unwrap();
    assert_eq!(replica.load().unwrap().map(normal), Some(normal(full(3))));
    eprintln!("opened without its server in {:?}", began.elapsed());
    server.start();
    LibSqlBackend::remote(server.url(), "").set_home_dc(4).unwrap();
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(replica.load().unwrap().unwrap().home_dc_id, 4);
    replica.set_home_dc(5).unwrap();
    assert_eq!(replica.load().unwrap().unwrap().home_dc_id, 5);
}

/// A copy of which a part came is not the database.
#[test]
fn half_a_copy_is_not_no_session() {
    let server = Sqld::open();
    let main = LibSqlBackend::remote(server.url(), "");
    // In several transactions, the session behind others.
    for nth in 0..8 {
        main.session(format!("other {nth}")).save(&full(200)).unwrap();
    }
    main.save(&full(3)).unwrap();
    let mut cut = 0;
    for bytes in [500, 5_000, 20_000, 60_000, 120_000, 250_000] {
        let proxy = Proxy::new(server.address());
        let folder = tempdir().unwrap();
        let url = format!("http://{}", proxy.address());
        let open = || LibSqlBackend::open_replica(folder.path().join("copy.db"), &url, "");
        proxy.set(Fault::CutAnswerAfter(bytes));
        let first = open().and_then(|replica| replica.load());
        proxy.set(Fault::Cut);
        for loaded in [first, open().and_then(|replica| replica.load())] {
            match loaded {
                Err(_) => cut += 1,
                Ok(session) => assert_eq!(session.map(normal), Some(normal(full(3))), "{bytes}"),
            }
        }
        proxy.set(Fault::None);
        assert_eq!(open().unwrap().load().unwrap().map(normal), Some(normal(full(3))));
    }
    assert!(cut > 2, "nothing was cut");
}

#[test]
fn what_was_just_written_is_read_when_the_server_was_down_before() {
    let mut server = Sqld::open();
    let folder = tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let replica = LibSqlBackend::open_replica(copy, server.url(), "").unwrap();
    replica.save(&full(3)).unwrap();
    server.kill();
    // It has not come this far in the copy.
    let error = replica.load().unwrap_err();
    assert!(matches!(SessionError::of(&error), Some(SessionError::Unavailable(_))), "{error}");
    server.start();
    assert!(replica.load().unwrap().is_some());
    server.kill();
    assert!(replica.load().unwrap().is_some());
    server.start();
    replica.cache_peer(&user(4_711, 5)).unwrap();
    let loaded = replica.load().unwrap().unwrap();
    assert!(loaded.peers.iter().any(|peer| peer.id == 4_711));
}

#[test]
fn a_server_that_hangs_does_not_hang_the_replica() {
    let server = Sqld::open();
    let proxy = Proxy::new(server.address());
    let folder = tempdir().unwrap();
    let url = format!("http://{}", proxy.address());
    let replica = LibSqlBackend::open_replica(folder.path().join("copy.db"), url, "").unwrap();
    replica.save(&full(3)).unwrap();
    assert!(replica.load().unwrap().is_some());
    proxy.set(Fault::Hang);
    let began = Instant::now();
    assert_eq!(replica.load().unwrap().map(normal), Some(normal(full(3))));
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    assert!(replica.set_home_dc(5).is_err());
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    proxy.set(Fault::None);
    std::thread::sleep(Duration::from_secs(2));
    replica.save(&full(4)).unwrap();
    assert_eq!(replica.load().unwrap().map(normal), Some(normal(full(4))));
}

#[test]
fn one_program_at_a_time_has_a_copy_open() {
    let server = Sqld::open();
    let folder = tempdir().unwrap();
    let path = folder.path().join("copy.db");
    let first = LibSqlBackend::open_replica(&path, server.url(), "").unwrap();
    let error = LibSqlBackend::open_replica(&path, server.url(), "").map(drop).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::TimedOut, "{error}");
    first.session("another").save(&full(1)).unwrap();
    drop(first);
    LibSqlBackend::open_replica(&path, server.url(), "").unwrap();
}

#[cfg(unix)]
#[test]
fn the_files_of_a_copy_are_private_under_every_umask() {
    use std::os::unix::fs::PermissionsExt;
    if !is_child() {
        const NAME: &str =
            "libsql_remote::replica::the_files_of_a_copy_are_private_under_every_umask";
        return ["000", "022", "177"]
            .into_iter()
            .for_each(|umask| child(NAME, &format!("umask {umask}"), |_| {}));
    }
    let server = Sqld::open();
    let folder = tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let replica =
        LibSqlBackend::open_replica(folder.path().join("copy.db"), server.url(), "").unwrap();
    replica.save(&full(50)).unwrap();
    assert!(replica.load().unwrap().is_some());
    for entry in fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.file_name());
    }
}

/// What equals the copy is not stored: the server may hold something else.
#[test]
fn a_save_that_equals_the_copy_is_not_confirmed_by_the_copy() {
    let mut server = Sqld::open();
    let folder = tempdir().unwrap();
    let path = folder.path().join("copy.db");
    let open = || LibSqlBackend::open_replica(&path, server.url(), "").unwrap();
    let replica = open();
    replica.save(&full(3)).unwrap();
    assert!(replica.load().unwrap().is_some());
    drop(replica);
    let (fresh, url) = (open(), server.url());
    server.kill();
    fresh.save(&full(3)).unwrap_err();
    drop(fresh);
    let opened = LibSqlBackend::open_replica(&path, &url, "").unwrap();
    opened.save(&full(3)).unwrap_err();
    assert!(opened.load().unwrap().is_some());
    opened.save(&full(3)).unwrap_err();
    opened.set_home_dc(2).unwrap_err();
}

/// A program that ends at any moment leaves a copy that follows the server.
#[test]
fn the_copy_of_a_killed_program_is_brought_up_to_date() {
    const NAME: &str = "libsql_remote::replica::the_copy_of_a_killed_program_is_brought_up_to_date";
    if let Some(path) = std::env::var_os("SESSION_TEST_PATH") {
        let url = std::env::var("SESSION_TEST_URL").unwrap();
        let replica = LibSqlBackend::open_replica(path, url, "").unwrap();
        let mut session = replica.load().unwrap().unwrap();
        for id in session.peers.len() as i64.. {
            session.peers.push(user(10_000 + id, 7));
            replica.save(&session).unwrap();
            assert_eq!(replica.load().unwrap().unwrap().peers.len(), session.peers.len());
        }
    }
    let server = Sqld::open();
    let folder = tempdir().unwrap();
    let path = folder.path().join("copy.db");
    let remote = LibSqlBackend::remote(server.url(), "");
    remote.save(&full(3)).unwrap();
    let mut stored = None;
    for round in 0..12 {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", NAME, "--nocapture"]).stdout(std::process::Stdio::null());
        command.env("SESSION_TEST_PATH", &path).env("SESSION_TEST_URL", server.url());
        let mut program = command.spawn().unwrap();
        std::thread::sleep(Duration::from_millis(100 + round * 37 % 150));
        program.kill().unwrap();
        program.wait().unwrap();
        stored = remote.load().unwrap().map(normal);
        let replica = LibSqlBackend::open_replica(&path, server.url(), "").unwrap();
        assert_eq!(replica.load().unwrap().map(normal), stored, "{round}");
    }
    assert!(stored.unwrap().peers.len() > 12, "nothing was written");
}

/// A copy that is behind does not know of all sessions.
#[test]
fn the_list_of_sessions_is_the_servers() {
    let mut server = Sqld::open();
    let folder = tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let remote = LibSqlBackend::remote(server.url(), "");
    let replica = LibSqlBackend::open_replica(copy, server.url(), "").unwrap();
    replica.save(&full(1)).unwrap();
    assert_eq!(replica.sessions().unwrap(), ["default"]);
    remote.session("two").save(&full(2)).unwrap();
    assert_eq!(replica.sessions().unwrap(), ["default", "two"]);
    remote.session("three").save(&full(3)).unwrap();
    server.kill();
    let error = replica.sessions().unwrap_err();
    assert!(matches!(SessionError::of(&error), Some(SessionError::Unavailable(_))), "{error}");
    server.start();
    assert_eq!(replica.sessions().unwrap(), ["default", "three", "two"]);
}

/// The server has another database now, at the same address: what the copy
/// holds is not in it. One that is empty, one that others have written to, one
/// in which only this backend writes.
#[test]
fn the_copy_of_another_database_is_thrown_away() {
    let mut server = Sqld::open();
    let url = server.url();
    let folder = tempdir().unwrap();
    let path = folder.path().join("copy.db");
    let open = || LibSqlBackend::open_replica(&path, &url, "").unwrap();
    let remote = || LibSqlBackend::remote(&url, "");
    let mut replica = open();
    for round in 0..6_i32 {
        replica.save(&full(300)).unwrap();
        assert!(replica.load().unwrap().is_some());
        if round % 2 == 1 {
            drop(replica);
            server.start_anew();
            replica = open();
        } else {
            server.start_anew();
        }
        match round / 2 {
            0 => {
                assert_eq!(replica.load().unwrap(), None, "{round}: the old login");
                assert_eq!(replica.sessions().unwrap(), [""; 0]);
            }
            1 => {
                remote().save(&full(2)).unwrap();
                assert_eq!(replica.load().unwrap().map(normal), Some(normal(full(2))));
            }
            _ => {}
        }
        replica.set_home_dc(round).unwrap();
        replica.cache_peer(&user(77, 7)).unwrap();
        let loaded = replica.load().unwrap();
        assert_eq!(loaded.as_ref().map(|session| session.home_dc_id), Some(round));
        assert_eq!(loaded.map(normal), remote().load().unwrap().map(normal), "{round}");
        // It is a copy as any other: it is read while the server is down.
        server.kill();
        assert_eq!(replica.load().unwrap().unwrap().home_dc_id, round);
        server.start();
        std::thread::sleep(Duration::from_secs(2));
    }
}

/// A program that was killed while it fetched another database left the note of
/// the one before.
#[test]
fn a_copy_that_is_whole_of_another_database_is_not_read() {
    let mut server = Sqld::open();
    let url = server.url();
    let folder = tempdir().unwrap();
    let path = folder.path().join("copy.db");
    let open = || LibSqlBackend::open_replica(&path, &url, "");
    open().unwrap().save(&full(3)).unwrap();
    open().unwrap().load().unwrap().unwrap();
    // libSQL's own note says from where it goes on: sixteen bytes for the database.
    let index = path.with_file_name("copy.db-client_wal_index");
    let mut bytes = fs::read(&index).unwrap();
    bytes[..16].iter_mut().for_each(|byte| *byte ^= 0x55);
    fs::write(&index, &bytes).unwrap();
    server.kill();
    let error = open().and_then(|replica| replica.load()).unwrap_err();
    assert!(matches!(SessionError::of(&error), Some(SessionError::Unavailable(_))), "{error}");
    server.start();
    assert_eq!(open().unwrap().load().unwrap().map(normal), Some(normal(full(3))));
}

/// A database that is no copy is nobody's to throw away.
#[test]
fn a_database_of_its_own_does_not_become_a_copy() {
    let server = Sqld::open();
    let folder = tempdir().unwrap();
    let path = folder.path().join("sessions.db");
    LibSqlBackend::new(&path).save(&full(3)).unwrap();
    for _ in 0..2 {
        LibSqlBackend::open_replica(&path, server.url(), "").unwrap_err();
    }
    assert_eq!(LibSqlBackend::new(&path).load().unwrap().map(normal), Some(normal(full(3))));
}
