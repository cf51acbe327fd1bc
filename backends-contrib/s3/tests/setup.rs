//! Every way to connect, and every mistake in it.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod support;

use ferogram_session::{SessionBackend, SessionError};
use ferogram_session_s3::{S3Backend, S3Config};
use ferogram_session_servers::certificates::Authority;
use ferogram_session_servers::expect::tells;
use ferogram_session_servers::s3::{BUCKET, S3, VERSIONED};
use ferogram_session_servers::sessions::{full, normal};
use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;
use support::{Objects, builder, config};

/// It ends with this program.
static SERVER: LazyLock<S3> = LazyLock::new(S3::open);

fn works(backend: &S3Backend) {
    backend.save(&full(3)).unwrap();
    backend.set_home_dc(4).unwrap();
    assert_eq!(backend.load().unwrap().unwrap().home_dc_id, 4);
    backend.delete().unwrap();
    assert_eq!(backend.load().unwrap(), None);
}

/// The environment belongs to a process, so another one is asked.
#[test]
fn a_url_and_the_environment_are_enough() {
    if std::env::var_os("FEROGRAM_SESSION_S3_CHILD").is_some() {
        works(&S3Backend::new(format!("s3://{BUCKET}/from/the/environment"), "bot"));
        works(&S3Backend::new(format!("s3://{BUCKET}/"), "from the environment"));
        works(&S3Backend::connect(format!("s3://{BUCKET}"), "connected").unwrap());
        let error = S3Backend::connect("s3://nobody-made-this", "bot").unwrap_err();
        tells(&error, "s3", "bot", "load", &[&std::env::var("AWS_SECRET_ACCESS_KEY").unwrap()]);
        assert!(matches!(SessionError::of(&error), Some(SessionError::Config(_))), "{error}");
        return;
    }
    let server = &*SERVER;
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_url_and_the_environment_are_enough"])
        .env("FEROGRAM_SESSION_S3_CHILD", "1")
        .env("AWS_ENDPOINT_URL", server.url())
        .env("AWS_ACCESS_KEY_ID", &server.key().id)
        .env("AWS_SECRET_ACCESS_KEY", &server.key().secret)
        .env("AWS_REGION", "eu-central-1")
        .status()
        .unwrap();
    assert!(status.success());
}

#[test]
fn a_builder_or_a_factory_of_the_users_own() {
    let server = &*SERVER;
    works(&S3Backend::with(S3Config::builder(builder(server, BUCKET)), "of a builder"));
    let config = S3Config::builder(builder(server, BUCKET)).prefix("some/folder");
    works(&S3Backend::with(config, "of a builder"));
    let (url, key) = (server.url(), server.key().clone());
    let config = S3Config::build_with(move || {
        ferogram_session_s3::object_store::aws::AmazonS3Builder::new()
            .with_endpoint(&url)
            .with_bucket_name(BUCKET)
            .with_access_key_id(&key.id)
            .with_secret_access_key(&key.secret)
    });
    works(&S3Backend::with(config, "of a factory"));
}

#[test]
fn sessions_are_listed_and_odd_names_are_names() {
    let config = config(&SERVER).prefix("listed");
    let names = [
        "default",
        "a/b",
        "a b",
        ".",
        "..",
        ".hidden",
        "ü",
        "%41",
        "A",
        "a",
        "x.session",
        "~",
        "#?&=+",
        "日本",
        "a%2Fb",
    ];
    let backend = S3Backend::with(config.clone(), "default");
    assert_eq!(backend.sessions().unwrap(), Vec::<String>::new());
    for (at, name) in names.iter().enumerate() {
        backend.session(*name).set_home_dc(at as i32 + 1).unwrap();
    }
    for (at, name) in names.iter().enumerate() {
        let again = S3Backend::with(config.clone(), *name);
        assert_eq!(again.load().unwrap().unwrap().home_dc_id, at as i32 + 1, "{name}");
    }
    let mut expected: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    expected.sort();
    assert_eq!(backend.sessions().unwrap(), expected);
    // What else is there is not a session.
    let objects = Objects::of(&SERVER);
    objects.put("listed/readme.txt", b"hello".to_vec());
    objects.put("listed/deeper/x.session", b"hello".to_vec());
    assert_eq!(backend.sessions().unwrap(), expected);
    for name in names {
        backend.session(name).delete().unwrap();
    }
    assert_eq!(backend.sessions().unwrap(), Vec::<String>::new());
}

#[test]
fn more_sessions_than_one_page_lists() {
    let objects = Objects::of(&SERVER);
    for at in 0..1_005 {
        objects.put(&format!("pages/{at:04}.session"), b"x".to_vec());
    }
    let backend = S3Backend::with(config(&SERVER).prefix("pages"), "0000");
    let names = backend.sessions().unwrap();
    assert_eq!((names.len(), &*names[1_004]), (1_005, "1004"));
}

#[test]
fn a_versioned_bucket_keeps_what_was_deleted() {
    let objects = Objects::in_bucket(&SERVER, VERSIONED);
    let backend = S3Backend::with(S3Config::builder(builder(&SERVER, VERSIONED)), "bot");
    backend.save(&full(1)).unwrap();
    let version = objects.head("bot.session").meta.version.unwrap();
    backend.set_home_dc(4).unwrap();
    backend.delete().unwrap();
    assert_eq!(backend.load().unwrap(), None);
    assert!(objects.get("bot.session").is_none());
    // The documentation says so: the keys are still there.
    let kept = objects.get_version("bot.session", &version);
    let kept = ferogram_session::PersistedSession::from_bytes(&kept).unwrap();
    assert_eq!(normal(kept), normal(full(1)));
    // And a new login is a new one.
    backend.save(&full(2)).unwrap();
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(2))));
}

#[test]
fn encryption_reaches_the_object() {
    let config = config(&SERVER).option("aws_server_side_encryption", "AES256");
    let backend = S3Backend::with(config, "encrypted");
    backend.save(&full(1)).unwrap();
    let head = Objects::of(&SERVER).head("encrypted.session");
    assert!(head.meta.e_tag.is_some());
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(1))));
    backend.delete().unwrap();
}

#[test]
fn tls_with_an_authority_of_ones_own() {
    let authority = Authority::new();
    let server = S3::open_with_tls(&authority);
    assert!(server.url().starts_with("https://"));
    let backend = S3Backend::with(config(&server).certificates(authority.pem()), "bot");
    works(&backend);
    // Nobody else's word is taken for it.
    let others = Authority::new();
    for config in [config(&server), config(&server).certificates(others.pem())] {
        let backend = S3Backend::with(config.timeout(Duration::from_secs(2)), "bot");
        let error = backend.load().map(drop).unwrap_err();
        tells(&error, "s3", "bot", "load", &[&server.key().secret]);
        assert!(error.to_string().contains("certificate"), "{error}");
    }
}

#[test]
fn mistakes_are_errors_of_the_first_call_and_show_nothing() {
    let secret = "hunter2hunter2";
    let good = || S3Config::new("s3://bucket").credentials("id", secret);
    let cases: Vec<(S3Config, &str)> = vec![
        (S3Config::new(format!("s3://me:{secret}@bucket/x")), "s3://bucket/prefix"),
        (S3Config::new(format!("https://bucket/{secret}")), "s3://"),
        (S3Config::new(format!("s3://bucket?key={secret}")), "s3://bucket/prefix"),
        (S3Config::new("s3://"), "bucket"),
        (S3Config::new("s3:///prefix"), "bucket"),
        (S3Config::new(""), "s3://"),
        (S3Config::new("s3://a bucket/prefix"), "bucket"),
        (S3Config::new("s3://bucket/a//b"), "folders"),
        (good().prefix("../up"), "folders"),
        (good().option("aws_no_such_thing", secret), "aws_no_such_thing"),
        (good().endpoint(format!("http://me:{secret}@localhost:1")), "https://host:port"),
        (good().endpoint(format!("https://host/?key={secret}")), "https://host:port"),
        (good().endpoint("localhost:9000"), "https://host:port"),
        (good().endpoint("http://[::1"), "https://host:port"),
        (good().endpoint("http://"), "https://host:port"),
        (good().endpoint("http://host:99999999"), "https://host:port"),
        (good().endpoint("http://minio.example:9000"), "AWS_ALLOW_HTTP"),
        (good().certificates(secret), "PEM"),
        (good().option("aws_access_key_id", "").option("aws_s3_express", "maybe"), "settings"),
        (
            S3Config::builder(ferogram_session_s3::object_store::aws::AmazonS3Builder::new()),
            "with_bucket_name",
        ),
    ];
    for (config, says) in cases {
        let shown = format!("{config:?}");
        let backend = S3Backend::with(config.timeout(Duration::from_secs(1)), "bot");
        let error = backend.load().map(drop).unwrap_err();
        tells(&error, "s3", "bot", "load", &[secret]);
        assert!(matches!(SessionError::of(&error), Some(SessionError::Config(_))), "{error}");
        assert!(error.to_string().contains(says), "{error}");
        assert!(!format!("{shown}{backend:?}").contains(secret));
    }
    let long = S3Backend::with(good(), "x".repeat(1_100));
    let error = long.load().map(drop).unwrap_err();
    assert!(error.to_string().contains("1024"), "{error}");
    assert!(S3Backend::with(good(), "").load().is_err());
}

#[test]
fn from_every_kind_of_async_code() {
    let calls = || {
        let backend = S3Backend::with(config(&SERVER), "from async code");
        backend.save(&full(2)).unwrap();
        backend.set_home_dc(3).unwrap();
        assert_eq!(backend.load().unwrap().unwrap().home_dc_id, 3);
        drop(backend);
    };
    let current = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    current.block_on(async { calls() });
    current.block_on(async { tokio::task::spawn_blocking(calls).await.unwrap() });
    let threads =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    threads.block_on(async { tokio::spawn(async move { calls() }).await.unwrap() });
    drop(threads);
    // Its connections do not belong to a runtime that is gone.
    calls();
}
