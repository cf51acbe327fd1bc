//! Programs with rusqlite's engine and programs with libSQL's, on one file.

use ferogram_session::{SessionBackend, SqliteBackend};
use ferogram_session_tests::sql_files::rows;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The tests of libSQL: this program again, with the other engine. Built as all
/// tests are built with every feature, so mostly there already.
fn other_program() -> PathBuf {
    let mut command = Command::new(env!("CARGO"));
    // What cargo says to the tests of a package is not for another cargo, which
    // would build anew whatever looks at it.
    for (name, _) in std::env::vars_os() {
        let of_package =
            ["OUT_DIR", "CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_PRIMARY_", "CARGO_CRATE_"];
        if of_package.iter().any(|start| name.to_string_lossy().starts_with(start)) {
            command.env_remove(name);
        }
    }
    let output = command
        .args(["test", "--quiet", "--no-run", "--message-format", "json"])
        .args(["--workspace", "--all-features", "--test", "libsql"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let built = String::from_utf8(output.stdout).unwrap();
    let built = built.lines().map(|line| serde_json::from_str(line).unwrap());
    let program = |message: serde_json::Value| {
        (message["target"]["name"] == "libsql")
            .then(|| message["executable"].as_str().map(PathBuf::from))
            .flatten()
    };
    built.filter_map(program).next_back().expect("a program of that name")
}

/// A process that puts a hundred peers and a datacentre into the session.
fn writer(program: &Path, file: &Path, nth: i64) -> Child {
    let mut command = Command::new(program);
    command.args(["--exact", "one_session_in_eight_processes", "--nocapture"]);
    command.env("SESSION_TEST_NTH", nth.to_string()).env("SESSION_TEST_PATH", file);
    command.stdout(Stdio::null()).spawn().unwrap()
}

#[test]
fn write_one_file_at_once_and_lose_nothing_though_some_are_killed() {
    let programs = [std::env::current_exe().unwrap(), other_program()];
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sessions.db");
    let mut writers: Vec<_> =
        (0..10).map(|nth| writer(&programs[nth as usize % 2], &file, nth)).collect();
    // One of each engine, in the middle of its work.
    let of = |nth: i64| {
        let session = SqliteBackend::new(&file).load().unwrap().unwrap_or_default();
        let peers = session.peers.iter().filter(|peer| peer.id / 1_000 == nth);
        peers.map(|peer| peer.id % 1_000).collect::<Vec<_>>()
    };
    let until = Instant::now() + Duration::from_secs(60);
    for nth in [8, 9] {
        while of(nth).len() < 5 {
            assert!(Instant::now() < until, "process {nth} writes nothing");
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    for mut killed in writers.drain(8..) {
        killed.kill().unwrap();
        let status = killed.wait().unwrap();
        assert_eq!(status.signal(), Some(9), "one had ended before it was killed: {status}");
    }
    for mut writer in writers {
        assert!(writer.wait().unwrap().success());
    }
    for nth in 0..10 {
        let mut ids = of(nth);
        ids.sort_unstable();
        // As far as it came.
        let all = if nth < 8 { 100 } else { ids.len() as i64 };
        assert_eq!(ids, (0..all).collect::<Vec<_>>(), "process {nth}");
    }
    let backend = SqliteBackend::new(&file);
    let dcs: Vec<_> = backend.load().unwrap().unwrap().dcs.iter().map(|dc| dc.dc_id).collect();
    assert_eq!(dcs, (10..20).collect::<Vec<_>>());
    assert_eq!(rows(&backend, "PRAGMA integrity_check").unwrap(), ["\"ok\""]);
}
