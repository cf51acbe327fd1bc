//! What networks and servers do to a backend, over moto.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod support;

use ferogram_session::{PersistedSession, SessionBackend, SessionError};
use ferogram_session_s3::{S3Backend, S3Config};
use ferogram_session_servers::expect::tells;
use ferogram_session_servers::faults::Faults;
use ferogram_session_servers::s3::{BUCKET, S3};
use ferogram_session_servers::sessions::{full, normal, user};
use std::collections::HashSet;
use std::io;
use std::process::Command;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use support::{Objects, at, config};

/// It ends with this program.
static SERVER: LazyLock<S3> = LazyLock::new(S3::open);

/// A session that no other test has.
fn name() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    format!("bot-{}", NEXT.fetch_add(1, Ordering::SeqCst))
}

fn told(error: &io::Error, session: &str, operation: &str) -> String {
    tells(error, "s3", session, operation, &[&SERVER.key().id, &SERVER.key().secret]);
    error.to_string()
}

fn is_unavailable(error: &io::Error) -> bool {
    matches!(SessionError::of(error), Some(SessionError::Unavailable(_)))
}

fn loaded(session: &str) -> PersistedSession {
    normal(S3Backend::with(config(&SERVER), session).load().unwrap().unwrap())
}

/// With a session of its own.
fn over_a_network(test: impl FnOnce(&Faults<'_>)) {
    let (key, name) = (SERVER.key(), name());
    test(&Faults {
        backend: "s3",
        session: &name,
        secrets: &[&key.id, &key.secret],
        server: SERVER.address(),
        make: &|address, timeout| {
            let config = at(&SERVER, &format!("http://{address}")).timeout(timeout);
            Box::new(S3Backend::with(config, &name))
        },
    });
}

#[test]
fn a_server_that_is_not_there() {
    over_a_network(|faults| faults.refused());
}

#[test]
fn a_server_that_hangs() {
    over_a_network(|faults| faults.hung());
}

#[test]
fn a_server_that_never_ends_an_answer() {
    over_a_network(|faults| faults.trickling());
}

#[test]
fn a_connection_that_breaks_while_idle() {
    over_a_network(|faults| faults.cut_while_idle());
}

#[test]
fn a_connection_that_breaks_in_the_middle() {
    over_a_network(|faults| faults.cut_in_the_middle());
}

#[test]
fn a_slow_connection() {
    over_a_network(|faults| faults.slow());
}

#[test]
fn a_server_of_another_kind() {
    over_a_network(|faults| faults.answers_that_make_no_sense());
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

/// Fewer calls than with other servers: each writes the object that the seven
/// others are about to write.
#[test]
fn eight_processes_write_one_session() {
    const PROCESSES: usize = 8;
    const CALLS: usize = 15;
    if let Ok(number) = std::env::var("FEROGRAM_SESSION_S3_WRITER") {
        let number: usize = number.parse().unwrap();
        let [url, id, secret] = ["URL", "ID", "SECRET"]
            .map(|what| std::env::var(format!("FEROGRAM_SESSION_S3_{what}")).unwrap());
        let config = S3Config::new(format!("s3://{BUCKET}")).endpoint(url).credentials(id, secret);
        let backend = S3Backend::with(config, "eight");
        for call in 0..CALLS {
            let id = (1_000 + number * CALLS + call) as i64;
            backend.cache_peer(&user(id, id)).unwrap();
        }
        return;
    }
    let server = S3::open();
    let backend = S3Backend::with(config(&server), "eight");
    backend.save(&full(1)).unwrap();
    let mut writers: Vec<_> = (0..PROCESSES)
        .map(|number| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "eight_processes_write_one_session"])
                .env("FEROGRAM_SESSION_S3_WRITER", number.to_string())
                .env("FEROGRAM_SESSION_S3_URL", server.url())
                .env("FEROGRAM_SESSION_S3_ID", &server.key().id)
                .env("FEROGRAM_SESSION_S3_SECRET", &server.key().secret)
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for writer in &mut writers {
        assert!(writer.wait().unwrap().success());
    }
    let peers: HashSet<i64> =
        backend.load().unwrap().unwrap().peers.iter().map(|peer| peer.id).collect();
    let written = (1_000..1_000 + (PROCESSES * CALLS) as i64).collect::<HashSet<_>>();
    assert!(written.is_subset(&peers), "{:?} are lost", written.difference(&peers));
}

#[test]
fn deleting_while_others_write_leaves_a_whole_session_or_none() {
    let name = name();
    let backend = S3Backend::with(config(&SERVER), &name);
    backend.save(&full(5)).unwrap();
    std::thread::scope(|scope| {
        for writer in 0..3 {
            let name = &name;
            scope.spawn(move || {
                let backend = S3Backend::with(config(&SERVER), name);
                for at in 0..10 {
                    backend.cache_peer(&user(100 + writer * 10 + at, 1)).unwrap();
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..5 {
                backend.delete().unwrap();
            }
        });
    });
    if let Some(session) = backend.load().unwrap() {
        assert!(session.peers.len() <= 38);
    }
    backend.delete().unwrap();
    assert_eq!(backend.load().unwrap(), None);
}
