use crate::support::service::{Act, Service};
use crate::{OBJECT, SECRETS, backend, config, is_put, loaded, told};
use ferogram_session::{SessionBackend, SessionError};
use ferogram_session_s3::S3Backend;
use ferogram_session_servers::sessions::{full, normal};

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
