//! Many sessions in one store, told apart by their keys.

use super::granular::one_of_each;
use super::*;
use crate::testing::sample;

/// Keys of every sort of text, and some that are nearly the same: in a file
/// name, a pattern, a prefix or after normalisation.
fn keys() -> Vec<&'static str> {
    let mut keys = vec![
        "a",
        "aa",
        "a ",
        " a",
        "a  ",
        "a b",
        "a_b",
        "a-b",
        "a.b",
        "a+b",
        "a@b",
        "a:b",
        "a:b:c",
        "a/b",
        "a//b",
        "/a",
        "a/",
        "a\\b",
        "a%2Fb",
        "a%2fb",
        "a%20b",
        "a%b",
        "a%",
        "%",
        "_",
        "*",
        "a*",
        "a?",
        "?",
        "a'b",
        "''",
        "a\"b",
        "a`b",
        "a;b",
        "a,b",
        "{a}",
        "{{a}}",
        "{}",
        "{",
        "}",
        "[a]",
        "$a",
        "${a}",
        "#a",
        "~",
        ".",
        "..",
        "...",
        ".a",
        "a.",
        "../a",
        "a\nb",
        "a\tb",
        "default",
        "session",
        "0",
        "00",
        "-1",
        "1",
        "a=1",
        "a&b",
        "<a>",
        "a|b",
        "null",
        "None",
        // One letter, and a letter with an accent that is added.
        "\u{e9}",
        "e\u{301}",
        "\u{df}",
        "ss",
        "\u{4e16}\u{754c}",
        "\u{1f980}",
        "\u{202e}a",
        "\u{feff}a",
    ];
    // Where file names ignore case these are one file, which cannot be helped.
    if !cfg!(any(windows, target_os = "macos")) {
        keys.extend(["A", "Default", "NULL"]);
    }
    keys
}

/// A session that tells which it is, and a backend for each key.
fn of_each(suite: &Suite, place: &Place) -> Vec<(&'static str, Handle, PersistedSession)> {
    let session = |number: i64| {
        let mut session = sample::other();
        session.home_dc_id = number as i32;
        session.peers.push(sample::user(900_000 + number, number));
        session.updates_state.channels.push((900_000 + number, 1));
        session
    };
    let each = keys().into_iter().zip(1..);
    each.map(|(key, number)| (key, suite.make(&place.session(key)), session(number))).collect()
}

pub(in crate::testing) fn law_1_each_key_is_a_session(suite: &Suite) {
    let place = Place::new();
    let all = of_each(suite, &place);
    for (key, backend, session) in &all {
        holds_nothing(&**backend, &format!("before the first save under the key {key:?}"));
        save_and_check(&**backend, session, &format!("after a save under the key {key:?}"));
    }
    for (key, backend, session) in &all {
        holds(&**backend, session, &format!("under the key {key:?}, after all were saved"));
    }
}

pub(in crate::testing) fn law_1_delete_leaves_other_sessions(suite: &Suite) {
    let place = Place::new();
    let all = of_each(suite, &place);
    for (_, backend, session) in &all {
        ok(backend.save(session), "save");
    }
    // Every other one goes.
    for (_, backend, _) in all.iter().step_by(2) {
        ok(backend.delete(), "delete");
    }
    for (at, (key, backend, session)) in all.iter().enumerate() {
        if at % 2 == 0 {
            holds_nothing(&**backend, &format!("under the deleted key {key:?}"));
        } else {
            holds(
                &**backend,
                session,
                &format!("under the key {key:?}, after others were deleted"),
            );
        }
    }
}

pub(in crate::testing) fn law_1_granular_calls_leave_other_sessions(suite: &Suite) {
    let place = Place::new();
    let (first, second) = (place.session("account:1"), place.session("account:10"));
    let (first, second) = (suite.make(&first), suite.make(&second));
    ok(second.save(&sample::full()), "save");
    let mut reference = Reference::new();
    for call in one_of_each() {
        follow(&*first, &mut reference, std::slice::from_ref(&call));
        holds(&*second, &sample::full(), &format!("after {call:?} in another session"));
    }
    ok(first.delete(), "delete");
    holds(&*second, &sample::full(), "after delete of another session");
}

pub(in crate::testing) fn law_1_similar_keys_are_different_sessions(suite: &Suite) {
    let place = Place::new();
    // Long ones that differ only at the end, where a name may be cut off.
    let long = |end: &str| format!("{}{end}", "k".repeat(60));
    let keys = [long("1"), long("2"), long(""), long("11")];
    for key in &keys {
        ok(suite.make(&place.session(key)).set_home_dc(key.len() as i32), "set_home_dc");
    }
    let backends = keys.each_ref().map(|key| suite.make(&place.session(key)));
    ok(backends[0].save(&sample::full()), "save");
    ok(backends[1].save(&sample::other()), "save");
    ok(backends[3].delete(), "delete");
    holds(&*backends[0], &sample::full(), "under a long key");
    holds(&*backends[1], &sample::other(), "under a long key that differs at its end");
    holds_nothing(&*backends[3], "under the longest key, after delete");
}

pub(in crate::testing) fn law_5_sessions_do_not_disturb_each_other(suite: &Suite) {
    let place = Place::new();
    let places = [0, 1, 2, 3].map(|number| place.session(&format!("account {number}")));
    let backends = places.each_ref().map(|place| suite.make(place));
    in_threads(4, |thread| {
        let backend = &*backends[thread];
        let mut reference = Reference::new();
        let salt = Call::SetHomeDc(thread as i32);
        for round in 0..3 {
            follow(backend, &mut reference, &one_of_each());
            follow(backend, &mut reference, std::slice::from_ref(&salt));
            if round == 1 {
                let session = if thread % 2 == 0 { sample::full() } else { sample::other() };
                follow(backend, &mut reference, &[Call::Save(Box::new(session))]);
            }
        }
        follow(backend, &mut reference, &[Call::Delete, salt.clone()]);
    });
}

pub(in crate::testing) fn law_2_each_session_made_again(suite: &Suite) {
    let place = Place::new();
    let all = of_each(suite, &place);
    for (_, backend, session) in &all {
        ok(backend.save(session), "save");
    }
    let sessions: Vec<_> = all.into_iter().map(|(key, _, session)| (key, session)).collect();
    for (key, session) in &sessions {
        let backend = suite.make(&place.session(key));
        holds(&*backend, session, &format!("made again under the key {key:?}"));
    }
}
