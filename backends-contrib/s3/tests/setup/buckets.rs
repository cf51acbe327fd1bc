use crate::SERVER;
use crate::support::{Objects, builder, config};
use ferogram_session::SessionBackend;
use ferogram_session_s3::{S3Backend, S3Config};
use ferogram_session_servers::s3::VERSIONED;
use ferogram_session_servers::sessions::{full, normal};

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
