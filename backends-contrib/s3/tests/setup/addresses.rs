use crate::support::builder;
use crate::{SERVER, again, works};
use ferogram_session::{SessionBackend, SessionError};
use ferogram_session_s3::{S3Backend, S3Config};
use ferogram_session_servers::expect::tells;
use ferogram_session_servers::s3::BUCKET;
use std::process::Command;
use std::time::Duration;

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
    again(
        "setup::addresses::a_url_and_the_environment_are_enough",
        Command::new(std::env::current_exe().unwrap())
            .env("FEROGRAM_SESSION_S3_CHILD", "1")
            .env("AWS_ENDPOINT_URL", server.url())
            .env("AWS_ACCESS_KEY_ID", &server.key().id)
            .env("AWS_SECRET_ACCESS_KEY", &server.key().secret)
            .env("AWS_REGION", "eu-central-1"),
    );
}

#[test]
fn a_builder_or_a_factory_of_the_users_own() {
    let server = &*SERVER;
    works(&S3Backend::with(S3Config::builder(builder(server, BUCKET)), "of a builder"));
    let config = S3Config::builder(builder(server, BUCKET)).prefix("some/folder");
    works(&S3Backend::with(config, "of a builder"));
    let (url, key) = (server.url(), server.key().clone());
    let config = S3Config::builder_with(move || {
        ferogram_session_s3::object_store::aws::AmazonS3Builder::new()
            .with_endpoint(&url)
            .with_bucket_name(BUCKET)
            .with_access_key_id(&key.id)
            .with_secret_access_key(&key.secret)
    });
    works(&S3Backend::with(config, "of a factory"));
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
        (good().endpoint("http://localhost:1").certificates(secret), "https://"),
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
