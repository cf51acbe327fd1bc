//! Where nothing can be printed: no panic, and no success.
#![cfg(target_os = "linux")]

use crate::run::folder;
use std::fs::{File, OpenOptions};
use std::path::Path;
use std::process::{Command, Output, Stdio};

const COMMANDS: [&[&str]; 5] = [
    &["copy", "file:bot.session", "string:-"],
    &["copy", "file:bot.session", "sqlite:all.db"],
    &["inspect", "file:bot.session"],
    &["doctor", "file:bot.session"],
    &["sessions", "sqlite:all.db"],
];

fn run(folder: &Path, arguments: &[&str], stdout: Stdio) -> (Option<i32>, String) {
    let tool = Command::new(env!("CARGO_BIN_EXE_session-tool"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(Stdio::piped())
        .spawn();
    let Output { status, stderr, .. } = tool.unwrap().wait_with_output().unwrap();
    (status.code(), String::from_utf8(stderr).unwrap())
}

#[test]
fn a_full_disk_is_an_error() {
    let folder = folder();
    for arguments in COMMANDS {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let (code, said) = run(folder.path(), arguments, full.into());
        assert_eq!(code, Some(1), "{arguments:?}: {said}");
        assert!(said.contains("session-tool: standard output: "), "{said}");
        assert!(!said.contains("copied") && !said.contains("panicked"), "{said}");
    }
}

#[test]
fn a_reader_that_went_away_is_none_to_speak_of() {
    let folder = folder();
    for arguments in COMMANDS {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let (code, said) = run(folder.path(), arguments, writer.into());
        assert_eq!((code, said.as_str()), (Some(1), ""), "{arguments:?}");
    }
}

#[test]
fn a_string_is_not_copied_to_an_output_that_is_closed() {
    let folder = folder();
    let script = "exec \"$0\" copy file:bot.session string:- >&-";
    let ended = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_session-tool")])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(said.contains("standard output is closed") && !said.contains("copied"), "{said}");
    // Who throws it away on purpose may.
    let null = File::create("/dev/null").unwrap();
    let (code, said) = run(folder.path(), COMMANDS[0], null.into());
    assert!(code == Some(0) && said.contains("copied"), "{said}");
}
