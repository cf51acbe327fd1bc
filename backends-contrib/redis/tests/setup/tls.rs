use ferogram_session::SessionBackend;
use ferogram_session_redis::{RedisBackend, RedisConfig};
use ferogram_session_servers::certificates::Authority;
use ferogram_session_servers::expect::tells;
use ferogram_session_servers::redis::{PASSWORD, Redis};
use ferogram_session_servers::sessions::{full, normal};
use redis::{Client, TlsCertificates};
use std::time::Duration;

fn trusting(url: &str, authority: &Authority) -> RedisBackend {
    let root_cert = Some(authority.pem().as_bytes().to_vec());
    let client =
        Client::build_with_tls(url, TlsCertificates { client_tls: None, root_cert }).unwrap();
    RedisBackend::with(RedisConfig::client(client).timeout(Duration::from_secs(10)), "my-bot")
}

#[test]
fn a_server_with_a_certificate_that_is_trusted() {
    let authority = Authority::new();
    let server = Redis::with().open_with_tls(&authority);
    let backend = trusting(&server.url(), &authority);
    backend.save(&full(3_000)).unwrap();
    let again = trusting(&server.url(), &authority);
    assert_eq!(again.load().unwrap().map(normal), Some(normal(full(3_000))));
}

#[test]
fn a_certificate_that_is_not_trusted_or_of_another_name() {
    let authority = Authority::new();
    let server = Redis::with().open_with_tls(&authority);
    let strangers = [
        RedisBackend::new(server.url(), "my-bot"),
        trusting(&server.url(), &Authority::new()),
        trusting(&server.url().replace("127.0.0.1", "localhost"), &authority),
    ];
    for backend in strangers {
        for error in [backend.load().unwrap_err(), backend.load().unwrap_err()] {
            tells(&error, "redis", "my-bot", "load", &[PASSWORD]);
            assert!(error.to_string().contains("certificate"), "{error}");
        }
    }
}

#[test]
fn tls_on_one_side_only() {
    let authority = Authority::new();
    let with_tls = Redis::with().open_with_tls(&authority);
    let without = Redis::open();
    let config = RedisConfig::new(with_tls.url().replace("rediss", "redis"));
    let plain = RedisBackend::with(config.timeout(Duration::from_secs(5)), "my-bot");
    let error = plain.load().unwrap_err();
    tells(&error, "redis", "my-bot", "load", &[PASSWORD]);
    let error = trusting(&without.url().replace("redis", "rediss"), &authority).load().unwrap_err();
    tells(&error, "redis", "my-bot", "load", &[PASSWORD]);
}
