use ferogram_session::{SessionBackend, SessionError};
use ferogram_session_redis::redis::{Client, TlsCertificates};
use ferogram_session_redis::{RedisBackend, RedisConfig};
use ferogram_session_servers::certificates::Authority;
use ferogram_session_servers::expect::{keeps, tells};
use ferogram_session_servers::redis::{PASSWORD, Redis};
use ferogram_session_servers::sessions::{full, normal};
use ferogram_session_servers::tls::Tls;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

fn trusting(url: &str, authority: &Authority) -> RedisBackend {
    let config = RedisConfig::new(url).certificates(authority.pem());
    RedisBackend::with(config.timeout(Duration::from_secs(10)), "my-bot")
}

/// The same by way of the client's own description.
fn trusting_by_client(url: &str, authority: &Authority) -> RedisBackend {
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
    let again = trusting_by_client(&server.url(), &authority);
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

/// That it is a mistake in the address, and says what to write, soon.
#[track_caller]
fn says(backend: &RedisBackend, instead: &str) {
    let began = Instant::now();
    for error in [backend.load().unwrap_err(), backend.set_home_dc(2).unwrap_err()] {
        assert!(matches!(SessionError::of(&error), Some(SessionError::Config(_))), "{error}");
        assert!(error.to_string().contains(instead), "{error}");
        assert!(error.to_string().contains("TLS"), "{error}");
        keeps(&error, &[PASSWORD]);
    }
    tells(&backend.load().unwrap_err(), "redis", "my-bot", "load", &[PASSWORD]);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[test]
fn tls_is_asked_for_and_the_server_has_none() {
    let server = Redis::open();
    let url = server.url().replace("redis", "rediss");
    says(&trusting(&url, &Authority::new()), "write redis:// ");
    // With no timeout of ours it is not waited for until there is no time left;
    // and with a short one, it is looked into in time.
    says(&RedisBackend::new(format!("rediss://{}", server.address()), "my-bot"), "write redis:// ");
    let config = RedisConfig::new(url).timeout(Duration::from_secs(1));
    says(&RedisBackend::with(config, "my-bot"), "write redis:// ");
}

#[test]
fn tls_is_not_asked_for_and_the_server_has_nothing_else() {
    let server = Redis::with().open_with_tls(&Authority::new());
    for url in [server.url().replace("rediss", "redis"), format!("redis://{}", server.address())] {
        says(&RedisBackend::new(url, "my-bot"), "write rediss:// ");
    }
    // Before one that has none itself, as of providers.
    let without = Redis::open();
    let tls = Tls::before(without.address(), &Authority::new().certify("127.0.0.1"));
    let url = without.url().replace(&without.address().to_string(), &tls.address().to_string());
    says(&RedisBackend::new(url, "my-bot"), "write rediss:// ");
}

#[test]
fn a_server_that_asks_for_the_certificate_of_the_client() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let server = Redis::with().set("tls-auth-clients yes").open_with_tls(&authority);
    let showing = |authority: &Authority, of: &Authority| {
        let bot = of.certify("bot");
        let config = RedisConfig::new(server.url()).timeout(Duration::from_secs(10));
        let config = config.client_certificate(bot.chain, bot.key).certificates(authority.pem());
        assert!(!format!("{config:?}").contains("BEGIN"));
        RedisBackend::with(config, "my-bot")
    };
    let backend = showing(&authority, &authority);
    backend.save(&full(3)).unwrap();
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(3))));
    for refused in [trusting(&server.url(), &authority), showing(&authority, &stranger)] {
        tells(&refused.load().unwrap_err(), "redis", "my-bot", "load", &[PASSWORD]);
    }
}

#[test]
fn certificates_that_cannot_be_used_are_a_mistake_and_quoted_nowhere() {
    let authority = Authority::new();
    let bot = authority.certify("bot");
    let (with, without) = ("rediss://127.0.0.1:1", "redis://127.0.0.1:1");
    let cut = &authority.pem()[..authority.pem().len() / 2];
    let made =
        || RedisConfig::connection_with(|| redis::Client::open("redis://h")?.get_connection());
    let wrong = [
        RedisConfig::new(with).certificates(""),
        RedisConfig::new(with).certificates("hunter2"),
        RedisConfig::new(with).certificates(cut),
        RedisConfig::new(with).client_certificate("hunter2", bot.key.as_str()),
        RedisConfig::new(with).client_certificate(bot.chain.as_str(), "hunter2"),
        RedisConfig::new(with).client_certificate(bot.chain.as_str(), bot.chain.as_str()),
        RedisConfig::new(without).certificates(authority.pem()),
        made().certificates(authority.pem()),
    ];
    for (nth, config) in wrong.into_iter().enumerate() {
        let error = RedisBackend::with(config, "my-bot").load().unwrap_err();
        tells(&error, "redis", "my-bot", "load", &["hunter2", "BEGIN CERT", "BEGIN PRIV"]);
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{nth}: {error}");
    }
}
