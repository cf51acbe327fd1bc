use crate::support::service::{Act, Answer, Service};
use crate::{OBJECT, backend, config, is_put, loaded, told};
use ferogram_session::{SessionBackend, SessionError};
use ferogram_session_s3::S3Backend;
use ferogram_session_servers::sessions::{full, normal, user};
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};

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
fn tags_that_cannot_be_compared_are_refused() {
    let service = Service::new(|_| Act::Right);
    backend(&service).save(&full(1)).unwrap();
    let weak: fn(&mut Answer) = |answer| {
        for (name, value) in &mut answer.headers {
            if *name == "ETag" {
                *value = format!("W/{value}");
            }
        }
    };
    let none: fn(&mut Answer) = |answer| {
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
