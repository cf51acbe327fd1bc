//! Disks that are full, programs that are killed, threads and other programs.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what is wrong")]

use ferogram_session::{CachedPeer, SessionBackend, SessionError, UpdateStateChange};
use ferogram_session_redb::RedbBackend;
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

fn user(id: i64) -> CachedPeer {
    CachedPeer {
        id,
        access_hash: id,
        is_channel: false,
        is_chat: false,
        channel_kind: None,
        is_community: false,
    }
}

fn in_folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my-bot.redb");
    (folder, path)
}

/// A file system of its own, for which the test has to be allowed to mount.
struct Mounted(PathBuf);

impl Mounted {
    fn new(folder: &Path, size: &str) -> Self {
        run(Command::new("mount").args(["-t", "tmpfs", "-o", size, "tmpfs"]).arg(folder));
        Self(folder.to_owned())
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn run(command: &mut Command) {
    assert!(command.status().unwrap().success(), "{command:?}");
}

#[test]
fn a_full_disk_takes_nothing_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mounted = Mounted::new(folder.path(), "size=6m");
    let path = folder.path().join("my-bot.redb");
    let backend = RedbBackend::new(&path);
    backend.set_home_dc(2).unwrap();
    backend.cache_peer(&user(1)).unwrap();
    let before = backend.load().unwrap();
    // The rest of the disk is somebody else's.
    let filler = folder.path().join("filler");
    let _ = fs::write(&filler, vec![1; 16 << 20]);
    let mut large = before.clone().unwrap();
    large.peers.extend((10..100_000).map(user));
    for _ in 0..2 {
        let error = backend.save(&large).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StorageFull, "{error}");
        assert_eq!(backend.load().unwrap(), before);
    }
    assert_eq!(RedbBackend::clone(&backend).load().unwrap(), before);
    // There is room again: the same backend goes on.
    fs::remove_file(filler).unwrap();
    run(Command::new("mount").args(["-o", "remount,size=200m"]).arg(folder.path()));
    backend.save(&large).unwrap();
    assert_eq!(backend.load().unwrap().unwrap().peers.len(), large.peers.len());
    drop((backend, mounted));
}

const FILE: &str = "FEROGRAM_SESSION_REDB_FILE";

/// Writes as fast as it can, and says what is acknowledged.
fn write_until_killed(path: &Path) {
    let backend = RedbBackend::new(path);
    let next = backend.load().unwrap().map_or(0, |session| session.peers.len() as i64);
    for id in next.. {
        backend.cache_peer(&user(id)).unwrap();
        println!("\nacknowledged {id}");
    }
}

#[test]
fn a_program_that_is_killed_loses_nothing_that_it_acknowledged() {
    if let Some(path) = std::env::var_os(FILE) {
        return write_until_killed(Path::new(&path));
    }
    let (folder, path) = in_folder();
    let mut last = -1;
    for round in 0..12 {
        let mut program = Command::new(std::env::current_exe().unwrap())
            .args(["a_program_that_is_killed_loses_nothing_that_it_acknowledged", "--exact"])
            .args(["--nocapture", "--test-threads=1"])
            .env(FILE, &path)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
        let acknowledged = |line: std::io::Result<String>| -> Option<i64> {
            line.unwrap().strip_prefix("acknowledged ")?.parse().ok()
        };
        // In the middle of whatever it does then; also of making the file.
        if round > 0 {
            last = lines.find_map(acknowledged).unwrap();
            std::thread::sleep(Duration::from_millis(3 * round));
        }
        program.kill().unwrap();
        let status = program.wait().unwrap();
        assert_eq!(status.signal(), Some(9), "it had ended before it was killed: {status}");
        last = lines.filter_map(acknowledged).last().unwrap_or(last);
        let peers = RedbBackend::new(&path).load().unwrap().map_or(0, |session| {
            let ids = session.peers.iter().map(|peer| peer.id);
            assert_eq!(ids.clone().max().unwrap() + 1, ids.count() as i64, "some are missing");
            session.peers.len() as i64
        });
        assert!(peers > last, "{last} was acknowledged, and there are {peers}");
    }
    assert!(last > 20, "{last}");
    RedbBackend::new(&path).delete().unwrap();
    // A file that was in the making when its program was killed holds nothing.
    for left in fs::read_dir(folder.path()).unwrap() {
        let name = left.unwrap().file_name().into_string().unwrap();
        assert!(name.starts_with("my-bot.redb.new-"), "{name}");
    }
}

#[test]
fn eight_threads_lose_nothing() {
    let (_folder, path) = in_folder();
    let backend = RedbBackend::new(&path);
    std::thread::scope(|scope| {
        for thread in 0..8_i64 {
            let backend = backend.clone();
            scope.spawn(move || {
                for nth in 0..10 {
                    let id = thread * 100 + nth;
                    backend.cache_peer(&CachedPeer { access_hash: 0, ..user(id) }).unwrap();
                    let update = UpdateStateChange::Channel { id, pts: 1 };
                    backend.apply_update_state(update).unwrap();
                }
            });
        }
    });
    let session = backend.load().unwrap().unwrap();
    assert_eq!((session.peers.len(), session.updates_state.channels.len()), (80, 80));
}

#[test]
fn a_file_that_another_has_open_is_an_error_and_stays() {
    let (_folder, path) = in_folder();
    let first = RedbBackend::new(&path);
    first.set_home_dc(2).unwrap();
    let second = RedbBackend::new(&path);
    for error in [
        second.load().map(drop).unwrap_err(),
        second.set_home_dc(4).unwrap_err(),
        second.delete().unwrap_err(),
    ] {
        let typed = SessionError::of(&error);
        assert!(matches!(typed, Some(SessionError::Unavailable(_))), "{error}");
    }
    assert_eq!(first.load().unwrap().unwrap().home_dc_id, 2);
    drop(first);
    assert_eq!(second.load().unwrap().unwrap().home_dc_id, 2);
}

/// What is written to a file that is gone would be gone with it.
#[test]
fn a_file_that_is_replaced_or_removed_is_noticed() {
    let (folder, path) = in_folder();
    let other = folder.path().join("other.redb");
    RedbBackend::new(&other).set_home_dc(5).unwrap();
    let backend = RedbBackend::new(&path);
    backend.set_home_dc(2).unwrap();
    fs::rename(&other, &path).unwrap();
    assert_eq!(backend.load().unwrap().unwrap().home_dc_id, 5);
    fs::remove_file(&path).unwrap();
    assert!(backend.load().unwrap().is_none());
    backend.set_home_dc(3).unwrap();
    assert_eq!(RedbBackend::clone(&backend).load().unwrap().unwrap().home_dc_id, 3);
    drop(backend);
    assert_eq!(RedbBackend::new(&path).load().unwrap().unwrap().home_dc_id, 3);
}

#[test]
fn files_are_their_owners() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path) = in_folder();
    RedbBackend::new(&path).set_home_dc(2).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
