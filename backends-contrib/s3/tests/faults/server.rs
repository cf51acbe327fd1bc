use crate::support::{Objects, config};
use crate::{SERVER, loaded, name, told};
use ferogram_session::{SessionBackend, SessionError};
use ferogram_session_s3::{S3Backend, S3Config};
use ferogram_session_servers::expect::tells;
use ferogram_session_servers::s3::{BUCKET, S3};
use ferogram_session_servers::sessions::{full, normal, user};
use std::collections::HashSet;
use std::io;
use std::process::Command;
use std::time::{Duration, Instant};

fn is_unavailable(error: &io::Error) -> bool {
    matches!(SessionError::of(error), Some(SessionError::Unavailable(_)))
}

/// moto forgets everything when it is killed, which S3 does not: this is about
/// the backend, which finds its way back. That what was acknowledged is there
/// afterwards is in `services.rs`.
#[test]
fn a_server_that_was_killed_and_started_again_is_found_again() {
    let mut server = S3::open();
    let name = name();
    let url = server.url();
    let key = server.key().clone();
    let backend = S3Backend::with(config(&server).timeout(Duration::from_secs(2)), &name);
    backend.save(&full(1)).unwrap();
    server.kill();
    for (error, operation) in [
        (backend.load().map(drop).unwrap_err(), "load"),
        (backend.set_home_dc(4).unwrap_err(), "set_home_dc"),
    ] {
        tells(&error, "s3", &name, operation, &[&key.id, &key.secret]);
        assert!(is_unavailable(&error), "{error}");
    }
    server.start();
    assert_eq!(server.url(), url);
    // Users and their keys are new; the old ones are told so.
    let error = backend.load().map(drop).unwrap_err();
    tells(&error, "s3", &name, "load", &[&key.id, &key.secret]);
    assert!(matches!(SessionError::of(&error), Some(SessionError::Rejected(_))), "{error}");
    let backend = S3Backend::with(config(&server), &name);
    assert_eq!(backend.load().unwrap(), None);
    backend.save(&full(2)).unwrap();
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(2))));
}

#[test]
fn a_server_that_stands_still_and_goes_on_loses_nothing() {
    let server = S3::open();
    let signal = |which: &str| {
        let id = server.id().to_string();
        assert!(Command::new("kill").args([which, &id]).status().unwrap().success());
    };
    let backend = S3Backend::with(config(&server).timeout(Duration::from_secs(1)), "bot");
    backend.save(&full(1)).unwrap();
    backend.cache_peer(&user(100, 1)).unwrap();
    signal("-STOP");
    let began = Instant::now();
    let error = backend.cache_peer(&user(101, 1)).unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    tells(&error, "s3", "bot", "cache_peer", &[&server.key().secret]);
    assert_eq!(error.kind(), io::ErrorKind::TimedOut, "{error}");
    signal("-CONT");
    let backend = S3Backend::with(config(&server), "bot");
    backend.cache_peer(&user(102, 1)).unwrap();
    let peers: HashSet<i64> =
        backend.load().unwrap().unwrap().peers.iter().map(|peer| peer.id).collect();
    assert!(peers.contains(&100) && peers.contains(&102));
}

#[test]
fn wrong_credentials_and_missing_rights_say_so() {
    let server = &*SERVER;
    let (key, reading) = (server.key(), server.reading_key());
    let name = name();
    S3Backend::with(config(server), &name).save(&full(1)).unwrap();
    let with = |id: &str, secret: &str| {
        let config = S3Config::new(format!("s3://{BUCKET}")).endpoint(server.url());
        S3Backend::with(config.credentials(id, secret), &name)
    };
    let wrong = [
        (with(&key.id, "a-wrong-secret"), "AWS_SECRET_ACCESS_KEY", "a-wrong-secret"),
        (with("AKIAWRONGWRONGWRONG0", &key.secret), "AWS_ACCESS_KEY_ID", &*key.secret),
    ];
    for (backend, says, secret) in wrong {
        for (error, operation) in [
            (backend.load().map(drop).unwrap_err(), "load"),
            (backend.save(&full(2)).unwrap_err(), "save"),
            (backend.set_home_dc(2).unwrap_err(), "set_home_dc"),
        ] {
            tells(&error, "s3", &name, operation, &[secret]);
            assert!(matches!(SessionError::of(&error), Some(SessionError::Rejected(_))));
            assert!(error.to_string().contains(says), "{error}");
        }
        // Without a body there is no code; it is refused all the same.
        let error = backend.delete().unwrap_err();
        tells(&error, "s3", &name, "delete", &[secret]);
        assert!(matches!(SessionError::of(&error), Some(SessionError::Rejected(_))));
    }
    // A user who may read.
    let reader = with(&reading.id, &reading.secret);
    assert_eq!(reader.load().unwrap().map(normal), Some(normal(full(1))));
    for (error, operation, right) in [
        (reader.save(&full(2)).unwrap_err(), "save", "s3:PutObject"),
        (reader.set_home_dc(4).unwrap_err(), "set_home_dc", "s3:PutObject"),
        (reader.delete().unwrap_err(), "delete", "s3:DeleteObject"),
    ] {
        tells(&error, "s3", &name, operation, &[&reading.secret]);
        assert!(matches!(SessionError::of(&error), Some(SessionError::Rejected(_))), "{error}");
        assert!(error.to_string().contains(right), "{error}");
    }
    assert_eq!(loaded(&name), normal(full(1)));
}

#[test]
fn a_bucket_that_is_not_there_is_an_error_of_every_call() {
    let server = &*SERVER;
    let missing = S3Config::new("s3://nobody-made-this")
        .endpoint(server.url())
        .credentials(&server.key().id, &server.key().secret);
    let backend = S3Backend::with(missing, "bot");
    for (error, operation) in [
        (backend.load().map(drop).unwrap_err(), "load"),
        (backend.save(&full(1)).unwrap_err(), "save"),
        (backend.set_home_dc(1).unwrap_err(), "set_home_dc"),
        (backend.delete().unwrap_err(), "delete"),
    ] {
        let text = told(&error, "bot", operation);
        assert!(matches!(SessionError::of(&error), Some(SessionError::Config(_))), "{text}");
        assert!(text.contains("nobody-made-this") && text.contains("create it"), "{text}");
    }
    assert!(backend.sessions().unwrap_err().to_string().contains("nobody-made-this"));
}

#[test]
fn an_object_of_another_origin_stays_as_it_is() {
    let objects = Objects::of(&SERVER);
    let name = name();
    let path = format!("{name}.session");
    objects.put(&path, b"a photo of a cat".to_vec());
    let backend = S3Backend::with(config(&SERVER), &name);
    for (error, operation) in [
        (backend.load().map(drop).unwrap_err(), "load"),
        (backend.save(&full(1)).unwrap_err(), "save"),
        (backend.set_home_dc(1).unwrap_err(), "set_home_dc"),
        (backend.delete().unwrap_err(), "delete"),
    ] {
        told(&error, &name, operation);
        assert!(matches!(SessionError::of(&error), Some(SessionError::Corrupt(_))), "{error}");
    }
    assert_eq!(objects.get(&path).unwrap(), b"a photo of a cat");
}
