//! Services that do what services and what stands before them have been seen
//! to do, by hand: for what no server on loopback does.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod support;

use ferogram_session::{PersistedSession, SessionBackend, SessionError};
use ferogram_session_s3::{S3Backend, S3Config};
use ferogram_session_servers::expect::tells;
use ferogram_session_servers::sessions::{full, normal, user};
use std::collections::HashSet;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use support::service::{Act, Request, Service};

const SECRETS: [&str; 2] = ["TheAccessKeyId", "the-secret-access-key"];
const OBJECT: &str = "/bucket/my-bot.session";

fn config(service: &Service) -> S3Config {
    S3Config::new("s3://bucket")
        .endpoint(service.url())
        .credentials(SECRETS[0], SECRETS[1])
        .timeout(Duration::from_secs(3))
}

fn backend(service: &Service) -> S3Backend {
    S3Backend::with(config(service), "my-bot")
}

fn told(error: &io::Error, operation: &str) -> String {
    tells(error, "s3", "my-bot", operation, &SECRETS);
    error.to_string()
}

fn loaded(service: &Service) -> PersistedSession {
    normal(backend(service).load().unwrap().unwrap())
}

fn is_put(request: &Request) -> bool {
    request.method == "PUT" && request.path == OBJECT
}

#[test]
fn a_service_that_ignores_conditions_is_found_out_and_nothing_is_written() {
    for header in ["if-match", "if-none-match"] {
        let service = Service::new(|_| Act::Right);
        if header == "if-match" {
            backend(&service).save(&full(1)).unwrap();
        }
        let before = service.objects();
        service.now(move |request| match request.headers.contains_key(header) {
            true => Act::WithoutConditions,
            false => Act::Right,
        });
        let backend = backend(&service);
        // Every time, not only the first.
        for _ in 0..2 {
            let error = backend.save(&full(2)).unwrap_err();
            let text = told(&error, "save").to_ascii_lowercase();
            assert!(matches!(SessionError::of(&error), Some(SessionError::Unsupported(_))));
            assert!(text.contains(header) && text.contains("without_conditions"), "{text}");
        }
        assert_eq!(service.objects(), before, "nothing is written, and nothing left behind");
        // Told so, it does without.
        let config = config(&service).without_conditions();
        let told_so = S3Backend::with(config, "my-bot");
        told_so.save(&full(2)).unwrap();
        told_so.set_home_dc(4).unwrap();
        assert_eq!(loaded(&service).home_dc_id, 4);
        assert_eq!(service.objects().len(), 1);
    }
}

#[test]
fn the_question_about_conditions_is_asked_once_and_leaves_nothing() {
    let service = Service::new(|_| Act::Right);
    let first = backend(&service);
    first.save(&full(1)).unwrap();
    first.set_home_dc(1).unwrap();
    let asked: Vec<_> = service.seen();
    assert!(asked.iter().any(|request| request.path.contains("/.conditions-")));
    first.set_home_dc(2).unwrap();
    // Another session of the same store does not ask again.
    let second = first.session("second");
    second.save(&full(1)).unwrap();
    second.set_home_dc(2).unwrap();
    assert!(!service.seen().iter().any(|request| request.path.contains("/.conditions-")));
    let objects: HashSet<_> = service.objects().into_keys().collect();
    assert_eq!(objects, HashSet::from([OBJECT.to_owned(), "/bucket/second.session".to_owned()]));
}

#[test]
fn a_write_whose_answer_is_lost_is_known_as_its_own() {
    let service = Service::new(|_| Act::Right);
    let backend = backend(&service);
    backend.save(&full(1)).unwrap();
    backend.set_home_dc(1).unwrap();
    for home_dc in 2..7 {
        let mut once = true;
        service.now(move |request| match is_put(request) && std::mem::take(&mut once) {
            true => Act::HangUp,
            false => Act::Right,
        });
        service.seen();
        backend.set_home_dc(home_dc).unwrap();
        let seen = service.seen();
        let of_object = |method: &str| seen.iter().filter(|r| r.method == method).count();
        // Made again by the client, refused, and recognised without a read.
        assert_eq!((of_object("PUT"), of_object("HEAD"), of_object("GET")), (2, 1, 0));
        assert_eq!(loaded(&service).home_dc_id, home_dc);
    }
    // The first write of all, too.
    let first = backend.session("first");
    let mut once = true;
    service.now(move |request| match request.path.contains("first") && request.method == "PUT" {
        true if std::mem::take(&mut once) => Act::HangUp,
        _ => Act::Right,
    });
    first.save(&full(3)).unwrap();
    assert_eq!(first.load().unwrap().map(normal), Some(normal(full(3))));
}

#[test]
fn a_lost_answer_is_no_success_if_another_writer_came_in_between() {
    let service = Service::new(|_| Act::Right);
    let (one, other) = (backend(&service), backend(&service));
    one.save(&full(1)).unwrap();
    one.set_home_dc(1).unwrap();
    other.load().unwrap();
    other.set_home_dc(2).unwrap();
    one.load().unwrap();
    // What `one` writes is not done at all, and the client makes it again
    // after `other` has written.
    let (written, hung) = (AtomicBool::new(false), AtomicBool::new(false));
    service.now(move |request| {
        if !is_put(request) || written.load(Ordering::SeqCst) {
            return Act::Right;
        }
        if hung.swap(true, Ordering::SeqCst) {
            written.store(true, Ordering::SeqCst);
            return Act::Say(412, "", "<Error><Code>PreconditionFailed</Code></Error>");
        }
        Act::Say(503, "", "<Error><Code>SlowDown</Code></Error>")
    });
    other.cache_peer(&user(70, 1)).unwrap();
    one.cache_peer(&user(71, 1)).unwrap();
    let peers: HashSet<i64> = loaded(&service).peers.iter().map(|peer| peer.id).collect();
    assert!(peers.contains(&70) && peers.contains(&71));
}

#[test]
fn what_a_busy_service_refuses_once_is_asked_again() {
    for (status, code) in [(500, "InternalError"), (503, "SlowDown"), (429, "TooManyRequests")] {
        let service = Service::new(|_| Act::Right);
        let backend = backend(&service);
        let mut once = HashSet::new();
        service.now(move |request| match once.insert(request.method.clone()) {
            true => Act::Say(status, "", "<Error><Code>Busy</Code></Error>"),
            false => Act::Right,
        });
        backend.save(&full(1)).unwrap();
        backend.set_home_dc(7).unwrap();
        assert_eq!(backend.load().unwrap().unwrap().home_dc_id, 7, "{code}");
        backend.delete().unwrap();
        assert!(service.objects().is_empty());
    }
}

#[test]
fn what_a_service_refuses_for_ever_is_an_error_within_the_deadline() {
    let service = Service::new(|_| Act::Right);
    let backend = backend(&service);
    backend.save(&full(1)).unwrap();
    service.now(|_| Act::Say(503, "", "<Error><Code>SlowDown</Code></Error>"));
    let began = Instant::now();
    for (error, operation) in [
        (backend.load().map(drop).unwrap_err(), "load"),
        (backend.save(&full(2)).unwrap_err(), "save"),
        (backend.delete().unwrap_err(), "delete"),
    ] {
        let text = told(&error, operation);
        // What deletes looks first, and there is no code without a body.
        let said = if operation == "delete" { "503" } else { "503 SlowDown" };
        assert!(text.contains(said), "{text}");
        assert!(matches!(SessionError::of(&error), Some(SessionError::Unavailable(_))), "{text}");
    }
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    service.now(|_| Act::Right);
    assert_eq!(loaded(&service), normal(full(1)));
}

#[test]
fn a_conflict_of_the_service_is_tried_again() {
    let service = Service::new(|_| Act::Right);
    let mut times = 0;
    service.now(move |request| {
        times += u32::from(is_put(request));
        match is_put(request) && times < 3 {
            true => Act::Say(409, "", "<Error><Code>ConditionalRequestConflict</Code></Error>"),
            false => Act::Right,
        }
    });
    backend(&service).save(&full(1)).unwrap();
    assert_eq!(loaded(&service), normal(full(1)));
}

#[test]
fn only_a_missing_object_is_no_session() {
    let cases: [(u16, &str, &str); 6] = [
        (404, "", "<Error><Code>NoSuchBucket</Code></Error>"),
        (404, "", "<html><body>nginx: not found</body></html>"),
        (404, "", ""),
        (403, "", "<Error><Code>AccessDenied</Code></Error>"),
        (204, "", ""),
        (200, "ETag: \"x\"", ""),
    ];
    for (status, head, body) in cases {
        let service = Service::new(move |_| Act::Say(status, head, body));
        let error = backend(&service).load().map(drop).unwrap_err();
        let text = told(&error, "load");
        assert!(backend(&service).save(&full(1)).is_err(), "{status} {body}: {text}");
    }
}

#[test]
fn each_refusal_says_what_to_do() {
    let cases = [
        (403, "RequestTimeTooSkewed", "clock"),
        (403, "SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY"),
        (403, "InvalidAccessKeyId", "AWS_ACCESS_KEY_ID"),
        (400, "ExpiredToken", "AWS_SESSION_TOKEN"),
        (400, "AuthorizationHeaderMalformed", "AWS_REGION"),
        (301, "PermanentRedirect", "AWS_REGION"),
        (403, "KMS.DisabledException", "key"),
        (404, "NoSuchBucket", "create it"),
        (400, "InvalidRequest", "InvalidRequest"),
    ];
    for (status, code, says) in cases {
        let service = Service::new(|_| Act::Right);
        let backend = backend(&service);
        // A service repeats the request in its answer.
        let body: &'static str = format!(
            "<Error><Code>{code}</Code><AWSAccessKeyId>{}</AWSAccessKeyId><StringToSign>{}</StringToSign></Error>",
            SECRETS[0], SECRETS[1]
        )
        .leak();
        service.now(move |_| Act::Say(status, "", body));
        for (error, operation) in [
            (backend.load().map(drop).unwrap_err(), "load"),
            (backend.set_home_dc(1).unwrap_err(), "set_home_dc"),
        ] {
            let text = told(&error, operation);
            assert!(text.contains(says), "{code}: {text}");
        }
    }
}

#[test]
fn tags_that_cannot_be_compared_are_refused() {
    let service = Service::new(|_| Act::Right);
    backend(&service).save(&full(1)).unwrap();
    let weak: fn(&mut support::service::Answer) = |answer| {
        for (name, value) in &mut answer.headers {
            if *name == "ETag" {
                *value = format!("W/{value}");
            }
        }
    };
    let none: fn(&mut support::service::Answer) = |answer| {
        answer.headers.retain(|(name, _)| *name != "ETag");
    };
    for change in [weak, none] {
        service.now(move |_| Act::Change(change));
        let backend = backend(&service);
        let error = backend.load().map(drop).unwrap_err();
        assert!(told(&error, "load").contains("ETag"));
        assert!(told(&backend.set_home_dc(5).unwrap_err(), "set_home_dc").contains("ETag"));
        // Nobody compares.
        let without = S3Backend::with(config(&service).without_conditions(), "my-bot");
        without.save(&full(2)).unwrap();
        without.set_home_dc(6).unwrap();
        assert_eq!(without.load().unwrap().unwrap().home_dc_id, 6);
        service.now(|_| Act::Right);
        without.save(&full(1)).unwrap();
        assert_eq!(loaded(&service), normal(full(1)));
    }
}

#[test]
fn what_is_not_ours_is_neither_overwritten_nor_deleted() {
    let others: [&[u8]; 4] = [b"", b"a photo of a cat", &[0; 3_000], b"{\"home_dc_id\":2}"];
    for other in others {
        let service = Service::new(|_| Act::Right);
        service.put(OBJECT, other);
        let backend = backend(&service);
        for (error, operation) in [
            (backend.load().map(drop).unwrap_err(), "load"),
            (backend.save(&full(1)).unwrap_err(), "save"),
            (backend.set_home_dc(1).unwrap_err(), "set_home_dc"),
            (backend.delete().unwrap_err(), "delete"),
        ] {
            let typed = SessionError::of(&error);
            assert!(matches!(typed, Some(SessionError::Corrupt(_))), "{operation}: {error}");
            told(&error, operation);
        }
        assert_eq!(service.objects()[OBJECT], other);
    }
    let service = Service::new(|_| Act::Right);
    let backend = backend(&service);
    backend.save(&full(1)).unwrap();
    // Not under a cache that knows what was there before, either.
    service.put(OBJECT, b"a photo of a cat");
    assert!(backend.save(&full(2)).is_err() && backend.set_home_dc(3).is_err());
    assert_eq!(service.objects()[OBJECT], b"a photo of a cat");
    // A session file that somebody uploaded is a session.
    service.put(OBJECT, &full(4).to_bytes());
    assert_eq!(loaded(&service), normal(full(4)));
    backend.set_home_dc(3).unwrap();
    service.put(OBJECT, &full(4).to_bytes());
    backend.delete().unwrap();
    assert!(service.objects().is_empty());
}

#[test]
fn what_is_too_large_to_be_a_session_is_not_read() {
    let service = Service::new(|_| Act::Right);
    backend(&service).save(&full(1)).unwrap();
    service.now(|request| match request.method.as_str() {
        "GET" => Act::Change(|answer| {
            answer.headers.push(("Content-Length", (1_u64 << 40).to_string()));
        }),
        _ => Act::Right,
    });
    let error = backend(&service).load().map(drop).unwrap_err();
    assert!(told(&error, "load").contains("larger than any session"), "{error}");
}

#[test]
fn a_service_that_comes_and_goes_keeps_what_it_acknowledged() {
    let service = Service::new(|_| Act::Right);
    let writer = backend(&service);
    writer.save(&full(1)).unwrap();
    let mut stored = HashSet::new();
    for round in 0..4 {
        let stop = AtomicBool::new(false);
        let acknowledged = std::thread::scope(|scope| {
            let writing = scope.spawn(|| {
                let mut acknowledged = Vec::new();
                for id in (1_000 + round * 100_000).. {
                    if writer.cache_peer(&user(id, 1)).is_ok() {
                        acknowledged.push(id);
                    }
                    if stop.load(Ordering::SeqCst) {
                        break;
                    }
                }
                acknowledged
            });
            std::thread::sleep(Duration::from_millis(150));
            service.stop();
            stop.store(true, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(50));
            service.start();
            writing.join().unwrap()
        });
        assert!(!acknowledged.is_empty());
        stored.extend(acknowledged);
        let peers: HashSet<i64> = loaded(&service).peers.iter().map(|peer| peer.id).collect();
        assert!(stored.is_subset(&peers));
    }
}

#[test]
fn a_redirect_to_another_place_is_an_error_and_no_loop() {
    let service = Service::new(|_| Act::Right);
    let backend = backend(&service);
    backend.save(&full(1)).unwrap();
    for head in ["Location: /bucket/my-bot.session", "Location: https://127.0.0.1:1/elsewhere", ""]
    {
        service.now(move |_| Act::Say(307, head, ""));
        let began = Instant::now();
        for (error, operation) in [
            (backend.load().map(drop).unwrap_err(), "load"),
            (backend.save(&full(2)).unwrap_err(), "save"),
        ] {
            told(&error, operation);
        }
        assert!(began.elapsed() < Duration::from_secs(10), "{head}");
    }
    service.now(|_| Act::Right);
    assert_eq!(loaded(&service), normal(full(1)));
}

#[test]
fn objects_are_private_encrypted_as_told_and_not_for_caches() {
    let service = Service::new(|_| Act::Right);
    let config = config(&service)
        .option("AWS_SERVER_SIDE_ENCRYPTION", "aws:kms")
        .option("aws_sse_kms_key_id", "the-key");
    let backend = S3Backend::with(config.clone(), "my-bot");
    backend.save(&full(1)).unwrap();
    backend.set_home_dc(4).unwrap();
    let seen = service.seen();
    let puts: Vec<_> = seen.iter().filter(|request| is_put(request)).collect();
    assert_eq!(puts.len(), 2);
    for put in puts {
        let header = |name: &str| put.headers.get(name).map(String::as_str);
        assert_eq!(header("x-amz-server-side-encryption"), Some("aws:kms"));
        assert_eq!(header("x-amz-server-side-encryption-aws-kms-key-id"), Some("the-key"));
        assert_eq!(header("content-type"), Some("application/octet-stream"));
        assert_eq!(header("cache-control"), Some("no-store"));
        assert_eq!(header("x-amz-acl"), None);
        assert!(header("authorization").is_some());
    }
    let shown = format!("{backend:?} {config:?} {}", backend.name());
    assert!(SECRETS.iter().all(|secret| !shown.contains(secret)), "{shown}");
}

/// With SSE-C the service cannot even read what it keeps, unless the key comes
/// along.
#[test]
fn a_key_of_the_users_own_goes_along_with_each_request() {
    let service = Service::new(|_| Act::Right);
    let key = "cvQpp1FCbZbHCS0xPvNUBhPPm0mfy6jGCJXr4JIlxsw=";
    let config = config(&service)
        .option("aws_server_side_encryption", "sse-c")
        .option("aws_sse_customer_key_base64", key);
    let backend = S3Backend::with(config.clone(), "my-bot");
    backend.save(&full(1)).unwrap();
    backend.set_home_dc(4).unwrap();
    assert!(S3Backend::with(config.clone(), "my-bot").load().unwrap().is_some());
    let seen = service.seen();
    let of_object: Vec<_> = seen.iter().filter(|request| request.path == OBJECT).collect();
    assert!(of_object.iter().any(|request| request.method == "GET"));
    assert!(of_object.iter().filter(|request| is_put(request)).count() == 2);
    for request in of_object {
        let header = |name: &str| request.headers.get(name).map(String::as_str);
        assert_eq!(header("x-amz-server-side-encryption-customer-algorithm"), Some("AES256"));
        assert_eq!(header("x-amz-server-side-encryption-customer-key"), Some(key));
    }
    assert!(!format!("{backend:?} {config:?}").contains(key));
}
