use crate::SERVER;
use crate::support::{Objects, config};
use ferogram_session::SessionBackend;
use ferogram_session_s3::S3Backend;

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
