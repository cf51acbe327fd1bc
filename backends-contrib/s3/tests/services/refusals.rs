use crate::support::service::{Act, Service};
use crate::{SECRETS, backend, loaded, told};
use ferogram_session::{SessionBackend, SessionError};
use ferogram_session_servers::sessions::{full, normal, user};
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

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
