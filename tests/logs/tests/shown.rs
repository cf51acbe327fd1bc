//! No type of a contributed backend shows a key, or what stands in an address.

use ferogram_session::SessionBackend;
use ferogram_session_postgres::{PostgresBackend, PostgresConfig};
use ferogram_session_redb::RedbBackend;
use ferogram_session_redis::{RedisBackend, RedisConfig};
use ferogram_session_s3::{S3Backend, S3Config};
use ferogram_session_tests::secret::{Shown, hides, public_types, session};
use std::fmt::Debug;
use std::time::Duration;

/// Looks at a backend, and at the error of a call that nobody answers.
fn backend(shown: &mut Shown, backend: &(impl SessionBackend + Debug)) {
    shown.look(backend);
    hides(backend.name());
    let error = backend.save(&session()).unwrap_err();
    hides(&format!("{error} {error:?} {error:#?}"));
    shown.look(backend);
}

#[test]
fn in_the_debug_output_of_no_contributed_type() {
    let secret = session().to_string();
    let url = |scheme: &str| format!("{scheme}://me:{secret}@127.0.0.1:1/?token={secret}");
    let mut shown = Shown::default();

    let folder = tempfile::tempdir().unwrap();
    let redb = RedbBackend::new(folder.path().join("bot.redb"));
    redb.save(&session()).unwrap();
    redb.load().unwrap();
    shown.look(&redb);

    let config = || RedisConfig::new(url("redis")).certificates(secret.clone());
    shown.look(&config());
    shown.look(&RedisConfig::new(url("redis")));
    backend(&mut shown, &RedisBackend::with(config(), "bot"));
    backend(&mut shown, &RedisBackend::new(url("redis"), "bot"));

    shown.look(&PostgresConfig::new(url("postgres")));
    backend(&mut shown, &PostgresBackend::new(url("postgres"), "bot"));

    let config = || {
        S3Config::new("s3://bucket/sessions")
            .endpoint("http://127.0.0.1:1")
            .credentials(secret.clone(), secret.clone())
            .certificates(secret.clone())
            .timeout(Duration::from_secs(1))
    };
    shown.look(&config());
    shown.look(&S3Config::new(url("s3")));
    backend(&mut shown, &S3Backend::with(config(), "bot"));
    shown.look(&S3Backend::new(url("s3"), "bot"));

    for package in ["redb", "redis", "postgres", "s3"] {
        let all = public_types(&format!("ferogram-session-{package}"));
        assert!(!all.is_empty(), "{package}");
        let missing: Vec<_> = all.difference(&shown.0).collect();
        assert!(missing.is_empty(), "nobody looks at {missing:?} of {package}");
    }
}
