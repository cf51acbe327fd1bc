//! `copy`, `inspect` and `sessions`, and wrong usage.

use crate::run::{folder, login, run, run_in};
use ferogram_session::{BinaryFileBackend, SessionBackend, SqliteBackend};

#[test]
fn a_session_goes_from_store_to_store_and_back() {
    let folder = folder();
    let at = folder.path();
    run(at, &["copy", "file:bot.session", "sqlite:all.db?session=a%20bot"])
        .with(0)
        .says(&["copied: home dc 2, 1 auth key (1 address), 3 peers", "AUTH_KEY_DUPLICATED"]);
    run(at, &["copy", "sqlite:all.db?session=a%20bot", "libsql:other.db"]).with(0);
    run(at, &["sessions", "sqlite:all.db"]).with(0).says(&["a bot\n"]);
    // The string goes to standard output, alone; the report beside it.
    let string = run(at, &["copy", "libsql:other.db", "string:-"]);
    assert_eq!(string.stdout.lines().count(), 1);
    assert!(string.stderr.starts_with("copied: "), "{}", string.stderr);
    let string = string.stdout;
    run_in(at, &["copy", "string:-", "file:again.session"], &string, &[]).with(0);
    run_in(at, &["copy", "env:BOT", "file:third.session"], "", &[("BOT", string.trim())]).with(0);
    for copy in ["again.session", "third.session"] {
        let session = BinaryFileBackend::new(at.join(copy)).load().unwrap();
        assert_eq!(session, Some(login(3)), "{copy}");
    }
    let db = SqliteBackend::new(at.join("all.db")).session("a bot");
    assert_eq!(db.load().unwrap(), Some(login(3)));
}

#[test]
fn another_session_is_overwritten_only_if_told() {
    let folder = folder();
    let at = folder.path();
    BinaryFileBackend::new(at.join("other.session")).save(&login(9)).unwrap();
    let copy = ["copy", "file:bot.session", "file:other.session"];
    run(at, &copy).with(4).says(&["state of the same login", "or with --overwrite"]);
    let overwrite = [&copy[..], &["--overwrite"]].concat();
    run(at, &overwrite).with(0).says(&["copied over another session"]);
    run(at, &copy).with(0).says(&["already there"]);
    run(at, &["copy", "file:none.session", "file:x.session"])
        .with(3)
        .says(&["there is no such file"]);
    assert!(!at.join("x.session").exists());
    run(at, &["inspect", "sqlite:none.db"]).with(3);
    assert!(!at.join("none.db").exists());
}

#[test]
fn what_is_in_it_without_its_secrets() {
    let folder = folder();
    let ended = run(folder.path(), &["inspect", "file:bot.session"]).with(0).says(&[
        "file:bot.session",
        "home dc    2",
        "dc 2  149.154.167.51:443  key",
        "pts 7",
        "3 users",
    ]);
    ended.keeps("ZZZZ");
    ended.keeps("WlpaWlpa");
    // A hostile session moves no cursor.
    let mut session = login(0);
    session.dcs[0].addr = "\u{1b}[2J".to_owned();
    let ended = run_in(folder.path(), &["inspect", "string:-"], &session.to_string(), &[]).with(0);
    ended.says(&["\\u{1b}[2J"]).keeps("\u{1b}");
}

#[test]
fn wrong_usage_is_code_2_with_what_was_meant() {
    let folder = folder();
    let at = folder.path();
    run(at, &[]).with(2).says(&["Usage:"]);
    run(at, &["copi", "a", "b"]).with(2).says(&["copy"]);
    run(at, &["inspect", "bot.session"]).with(2).says(&["did you mean file:bot.session?"]);
    run(at, &["inspect", "sqlit:x.db"]).with(2).says(&["did you mean `sqlite`"]);
    run(at, &["inspect", "@BOT_STORE"]).with(2).says(&["BOT_STORE is not set"]);
    run(at, &["copy", "file:bot.session", "env:BOT"]).with(2).says(&["string:-"]);
    run(at, &["copy", "file:bot.session", "file:bot.session"]).with(2);
    run(at, &["sessions", "file:bot.session"]).with(2);
    run(at, &["doctor", "sqlite:x.db", "--recover"]).with(2);
    run(at, &["--help"]).with(0).says(&["redis://", "5 something to mend"]);
    // A string session that was pasted in the wrong place is not repeated.
    let string = login(1).to_string();
    run(at, &["inspect", &string]).with(2).says(&["env:NAME"]).keeps(&string[..40]);
    run(at, &["inspect", &format!("string:{string}")])
        .with(0)
        .says(&["seen by every user"])
        .keeps(&string[..40]);
    let variables = [("BOT_STORE", "redis://me:secret@127.0.0.1:1/0")];
    run_in(at, &["inspect", "@BOT_STORE"], "", &variables).with(1).keeps("secret");
}

/// No terminal: no bar, and nothing but what was asked for.
#[test]
fn it_is_quiet_where_there_is_no_terminal() {
    let folder = folder();
    let ended = run(folder.path(), &["copy", "file:bot.session", "libsql:x.db"]).with(0);
    assert!(!ended.stderr.contains('\r') && !ended.stderr.contains('\u{1b}'));
    assert_eq!(ended.stdout.lines().count(), 1);
}
