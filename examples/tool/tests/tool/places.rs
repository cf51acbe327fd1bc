//! Places that are not what was meant, and what is said of them.

use crate::run::{folder, login, run, run_in};
use ferogram_session::{BinaryFileBackend, SessionBackend};
use std::fs;

#[test]
fn a_parameter_that_nobody_reads_is_wrong_usage() {
    let folder = folder();
    for place in [
        "redis://127.0.0.1:1?sesion=bot",
        "libsql+http://127.0.0.1:1?sesion=bot",
        "postgres://127.0.0.1:1/bots?sesion=bot",
        "s3://bucket?sesion=bot",
        "sqlite:all.db?sesion=bot",
        "libsql:all.db?sesion=bot",
    ] {
        run(folder.path(), &["copy", "file:bot.session", place])
            .with(2)
            .says(&["unknown parameter `sesion`, did you mean `session`?"]);
    }
    run(folder.path(), &["inspect", "file:bot.session?session=x"])
        .with(2)
        .says(&["file: takes no parameter"]);
    run(folder.path(), &["inspect", "s3:bucket"]).with(2).says(&["s3://bucket"]);
}

#[test]
fn what_is_there_instead_is_said() {
    let folder = folder();
    let at = folder.path();
    run(at, &["sessions", "sqlite:none.db"]).with(3).says(&["there is no such file"]);
    run(at, &["inspect", "redb:none.redb"]).with(3).says(&["there is no such file"]);
    assert!(!at.join("none.db").exists() && !at.join("none.redb").exists());
    run(at, &["copy", "file:bot.session", "sqlite:all.db?session=bot"]).with(0);
    for command in ["inspect", "doctor"] {
        run(at, &[command, "sqlite:all.db"]).with(3).says(&["there is session=bot"]);
    }
    run(at, &["copy", "sqlite:all.db", "string:-"]).with(3).says(&["there is session=bot"]);
    run_in(at, &["inspect", "env:BOT"], "", &[("BOT", " ")])
        .with(3)
        .says(&["env:BOT: the variable is empty"]);
    run_in(at, &["inspect", "@BOT"], "", &[("BOT", "")]).with(2).says(&["BOT is empty"]);
    let cut_off = &login(1).to_string()[..60];
    for command in [&["inspect", "env:BOT"][..], &["copy", "env:BOT", "file:x.session"]] {
        run_in(at, command, "", &[("BOT", cut_off)]).with(1).says(&["was it cut off?"]);
    }
}

#[test]
fn a_file_of_another_kind_is_named() {
    let folder = folder();
    let at = folder.path();
    run(at, &["copy", "file:bot.session", "sqlite:all.db?session=bot"]).with(0);
    run(at, &["copy", "file:bot.session", "redb:bot.redb"]).with(0);
    for (place, said) in [
        ("file:all.db", "all.db is an SQLite file: write sqlite:all.db?session=.."),
        ("redb:all.db", "write sqlite:all.db"),
        ("file:bot.redb", "bot.redb is a redb file: write redb:bot.redb"),
        ("sqlite:bot.session", "bot.session is a session file: write file:bot.session"),
        ("libsql:bot.session", "write file:bot.session"),
    ] {
        let before = fs::read(at.join(place.split_once(':').unwrap().1)).unwrap();
        for command in [&["inspect", place][..], &["copy", "env:BOT", place]] {
            let bot = login(1).to_string();
            run_in(at, command, "", &[("BOT", &bot)]).with(2).says(&[said]);
        }
        let after = fs::read(at.join(place.split_once(':').unwrap().1)).unwrap();
        assert!(before == after, "{place} was changed");
    }
}

#[test]
fn redb_is_a_place() {
    let folder = folder();
    let at = folder.path();
    run(at, &["copy", "file:bot.session", "redb:bot.redb"]).with(0).says(&["3 peers"]);
    run(at, &["inspect", "redb:bot.redb"]).with(0).says(&["3 users"]);
    run(at, &["doctor", "redb:bot.redb"]).with(0).says(&["is whole", "only its owner"]);
    run(at, &["sessions", "redb:bot.redb"]).with(2).says(&["holds one session"]);
    run(at, &["copy", "redb:bot.redb", "file:back.session"]).with(0);
    let back = BinaryFileBackend::new(at.join("back.session")).load().unwrap();
    assert_eq!(back, Some(login(3)));
}

#[test]
fn a_password_on_the_command_line_is_warned_of() {
    let folder = folder();
    let url = "redis://:a-password@127.0.0.1:1";
    let ended = run(folder.path(), &["inspect", url]).with(1).says(&["@NAME"]);
    ended.keeps("a-password");
    let ended = run_in(folder.path(), &["inspect", "@STORE"], "", &[("STORE", url)]).with(1);
    ended.keeps("command line");
    let version = run(folder.path(), &["--version"]).with(0).stdout;
    assert_eq!(version.trim(), format!("session-tool {}", env!("CARGO_PKG_VERSION")));
}
