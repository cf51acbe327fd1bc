use ferogram_session::{SessionBackend, SessionError};
use ferogram_session_redis::{RedisBackend, RedisConfig};
use ferogram_session_servers::redis::Redis;
use ferogram_session_servers::sessions::{full, normal};

#[test]
fn sessions_are_listed_and_deleted() {
    let server = Redis::open();
    let backend = RedisBackend::new(server.url(), "my-bot");
    assert!(backend.sessions().unwrap().is_empty());
    let odd = [
        "my-bot",
        "*",
        "a bot's \"name\"",
        "a/b:c{d}e",
        "line\nbreak",
        "nul\0",
        "%41",
        "..",
        "\u{1f600} ü",
        "x".repeat(2_000).leak(),
    ];
    for (home_dc, name) in (1..).zip(odd) {
        backend.session(name).set_home_dc(home_dc).unwrap();
    }
    // Others that look like ours.
    server.ask(&["SET", "tg:text", "a"]);
    server.ask(&["HSET", "tg:hash", "home_dc", "a"]);
    server.ask(&["HSET", "tgx", "@ferogram", "a"]);
    server.ask_bytes(&[b"HSET", b"tg:\xff\xfe", b"@ferogram", b"a"]);
    let mut names: Vec<&str> = odd.to_vec();
    names.sort_unstable();
    assert_eq!(backend.sessions().unwrap(), names);
    for (home_dc, name) in (1..).zip(odd) {
        assert_eq!(backend.session(name).load().unwrap().unwrap().home_dc_id, home_dc);
        backend.session(name).delete().unwrap();
        backend.session(name).delete().unwrap();
    }
    assert!(backend.sessions().unwrap().is_empty());
    assert_eq!(server.ask(&["DBSIZE"]), ":4");
}

#[test]
fn an_empty_name_is_a_mistake() {
    let server = Redis::open();
    let error = RedisBackend::new(server.url(), "").load().unwrap_err();
    assert!(matches!(SessionError::of(&error), Some(SessionError::Config(_))), "{error}");
}

#[test]
fn prefixes_keep_sessions_apart() {
    let server = Redis::open();
    let with =
        |prefix: &str| RedisBackend::with(RedisConfig::new(server.url()).prefix(prefix), "my-bot");
    // Some of these match others, were they taken for patterns.
    let prefixes = ["a*:", "ab:", "a?:", "[ab]:", "a\\:", "^a:", "", "{slot}:", "ü "];
    for (peers, prefix) in (1..).zip(prefixes) {
        with(prefix).save(&full(peers)).unwrap();
    }
    for (peers, prefix) in (1..).zip(prefixes) {
        let backend = with(prefix);
        assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(peers))), "{prefix}");
        if !prefix.is_empty() {
            assert_eq!(backend.sessions().unwrap(), ["my-bot"], "{prefix}");
        }
    }
}

#[test]
fn more_sessions_than_one_step_of_a_scan() {
    let server = Redis::open();
    let backend = RedisBackend::new(server.url(), "my-bot");
    let mut names: Vec<String> = (0..2_500).map(|nth| format!("bot-{nth}")).collect();
    names.iter().for_each(|name| backend.session(name).set_home_dc(1).unwrap());
    names.sort();
    assert_eq!(backend.sessions().unwrap(), names);
}
