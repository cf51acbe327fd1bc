use ferogram_session::{SessionBackend, SessionError};
use ferogram_session_redis::{RedisBackend, RedisConfig};
use ferogram_session_servers::expect::tells;
use ferogram_session_servers::free_address;
use ferogram_session_servers::redis::{PASSWORD, Redis};
use ferogram_session_servers::sessions::full;
use std::io::ErrorKind;
use std::time::Duration;

#[test]
fn a_database_by_number() {
    let server = Redis::open();
    let first = RedisBackend::new(server.url(), "my-bot");
    let fourth = RedisBackend::new(format!("{}/4", server.url()), "my-bot");
    first.set_home_dc(1).unwrap();
    assert!(fourth.load().unwrap().is_none());
    fourth.set_home_dc(4).unwrap();
    assert_eq!(first.load().unwrap().unwrap().home_dc_id, 1);
    assert_eq!(fourth.load().unwrap().unwrap().home_dc_id, 4);
}

#[test]
fn the_newer_protocol() {
    let server = Redis::open();
    let backend = RedisBackend::new(format!("{}?protocol=resp3", server.url()), "my-bot");
    assert!(backend.load().unwrap().is_none());
    backend.save(&full(3_000)).unwrap();
    backend.set_home_dc(3).unwrap();
    let other = RedisBackend::new(server.url(), "my-bot");
    assert_eq!(other.load().unwrap().unwrap().home_dc_id, 3);
    assert_eq!(backend.load().unwrap(), other.load().unwrap());
    assert_eq!(backend.sessions().unwrap(), ["my-bot"]);
    backend.delete().unwrap();
}

#[test]
fn a_socket_of_this_machine() {
    let folder = Redis::open();
    let path = folder.folder().join("redis.sock");
    let server = Redis::with().set(format!("unixsocket {}", path.display())).open();
    let url = format!("redis+unix://{}?pass={PASSWORD}", path.display());
    let backend = RedisBackend::new(url, "my-bot");
    backend.save(&full(2)).unwrap();
    assert_eq!(RedisBackend::new(server.url(), "my-bot").load().unwrap().unwrap().peers.len(), 5);
    assert!(!format!("{backend:?}").contains(PASSWORD));
}

#[test]
fn connecting_at_once_finds_out_what_is_wrong() {
    let server = Redis::open();
    let backend = RedisBackend::connect(server.url(), "my-bot").unwrap();
    let clients = || server.ask(&["CLIENT", "LIST"]).lines().count();
    let before = clients();
    assert!(backend.load().unwrap().is_none());
    assert_eq!(clients(), before, "the first call takes the connection that is there");
    let at = server.address();
    for (url, kind) in [
        (format!("redis://{}", free_address()), ErrorKind::ConnectionRefused),
        (format!("redis://:wrong-one@{at}"), ErrorKind::PermissionDenied),
        (format!("redis://{at}"), ErrorKind::PermissionDenied),
        (format!("{}/99", server.url()), ErrorKind::InvalidInput),
        ("redis://me:wrong-one@".to_owned(), ErrorKind::InvalidInput),
    ] {
        let error = RedisBackend::connect(url, "my-bot").unwrap_err();
        tells(&error, "redis", "my-bot", "connect", &["wrong-one", PASSWORD]);
        assert_eq!(error.kind(), kind, "{error}");
    }
}

#[test]
fn what_is_no_address_is_a_mistake_and_not_a_panic() {
    let wrong = [
        "",
        "not an address",
        "http://127.0.0.1:1",
        "redis://",
        "redis://me:hunter2@",
        "redis://me:hunter2@host:port",
        "redis://me:hunter2@host:1/database",
        "redis://me:hun ter2@127.0.0.1:99999",
        "redis://me:hunter2@0.0.0.0:1",
    ];
    for url in wrong {
        let backend = RedisBackend::new(url, "my-bot");
        let error = backend.load().map(drop).expect_err(url);
        tells(&error, "redis", "my-bot", "load", &["hunter2", "hun ter2"]);
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{url}: {error}");
        assert!(matches!(SessionError::of(&error), Some(SessionError::Config(_))));
        assert!(!format!("{backend:?} {}", backend.name()).contains("hunter2"));
        assert!(!backend.sessions().unwrap_err().to_string().contains("hunter2"));
    }
}

#[test]
fn nothing_is_connected_to_before_the_first_call() {
    let server = Redis::open();
    let backends: Vec<_> =
        (0..20).map(|nth| RedisBackend::new(server.url(), format!("bot-{nth}"))).collect();
    let clients = || server.ask(&["CLIENT", "LIST"]).lines().count();
    let before = clients();
    assert!(backends[0].load().unwrap().is_none());
    assert_eq!(clients(), before + 1);
    // Sessions of one backend share its connections.
    for nth in 0..10 {
        backends[0].session(format!("other-{nth}")).set_home_dc(1).unwrap();
    }
    assert_eq!(clients(), before + 1);
}

#[test]
fn times_of_any_length() {
    let server = Redis::open();
    for (nth, time) in [Duration::ZERO, Duration::MAX].into_iter().enumerate() {
        let config = RedisConfig::new(server.url()).ttl(Duration::MAX).timeout(time);
        let backend = RedisBackend::with(config.wait_replicas(0), format!("bot-{nth}"));
        // A millisecond may do, or not.
        if let Err(error) = backend.set_home_dc(1) {
            assert_eq!((nth, error.kind()), (0, ErrorKind::TimedOut), "{error}");
        }
    }
    assert!(RedisBackend::new(server.url(), "bot-1").load().unwrap().is_some());
}
