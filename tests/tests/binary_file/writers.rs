//! Several handles and programs on one file.

use super::{beside, folder, mode, names};
use ferogram_session::{BinaryFileBackend, DcFlags, PersistedSession, SessionBackend};
use ferogram_session_tests::child::child;
use ferogram_session_tests::sessions::{dc, full, normal, user};
use std::fs::{self, File};
use std::path::PathBuf;

#[test]
fn what_is_read_through_one_name_is_what_was_written_through_another_handle() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let (one, two) = (BinaryFileBackend::new(&path), BinaryFileBackend::new(&path));
    one.save(&full(3)).unwrap();
    for id in 0..50 {
        one.cache_peer(&user(1_000 + id, 1)).unwrap();
        two.cache_peer(&user(2_000 + id, 1)).unwrap();
        if id % 10 == 0 {
            two.update_dc(&dc(5, DcFlags::NONE, Some(id as u8 + 1))).unwrap();
        }
    }
    assert_eq!(one.load().unwrap().unwrap().peers.len(), 6 + 100);
}

#[test]
fn eight_processes_lose_nothing() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    if let Some(nth) = std::env::var_os("SESSION_TEST_NTH") {
        let path = PathBuf::from(std::env::var_os("SESSION_TEST_PATH").unwrap());
        let nth: i64 = nth.to_str().unwrap().parse().unwrap();
        let backend = BinaryFileBackend::new(&path);
        for id in 0..100 {
            backend.cache_peer(&user(nth * 1_000 + id, 1)).unwrap();
            if id % 25 == 0 {
                backend.update_dc(&dc(nth as i32 + 10, DcFlags::NONE, Some(id as u8 + 1))).unwrap();
            }
            assert!(backend.load().unwrap().is_some());
        }
        return;
    }
    BinaryFileBackend::new(&path).save(&PersistedSession::default()).unwrap();
    let run = |nth: i64| {
        let path = path.clone();
        std::thread::spawn(move || {
            child("binary_file::writers::eight_processes_lose_nothing", "", |command| {
                command.env("SESSION_TEST_NTH", nth.to_string()).env("SESSION_TEST_PATH", path);
            })
        })
    };
    let processes: Vec<_> = (0..8).map(run).collect();
    for process in processes {
        process.join().unwrap();
    }
    let session = BinaryFileBackend::new(&path).load().unwrap().unwrap();
    assert_eq!((session.peers.len(), session.dcs.len()), (800, 8));
    assert_eq!(names(folder.path()), ["bot.session", "bot.session.lock", "bot.session.prev"]);
}

#[test]
fn a_held_lock_is_waited_for_and_a_dead_holder_blocks_nobody() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let backend = BinaryFileBackend::new(&path);
    backend.save(&full(1)).unwrap();
    let lock = File::open(beside(&path, ".lock")).unwrap();
    lock.lock().unwrap();
    let waiting = std::thread::spawn(move || backend.set_home_dc(4));
    std::thread::sleep(std::time::Duration::from_millis(100));
    assert!(!waiting.is_finished());
    // What the end of a process does.
    drop(lock);
    waiting.join().unwrap().unwrap();
    assert_eq!(
        fs::read_to_string(beside(&path, ".lock")).unwrap().trim(),
        std::process::id().to_string()
    );
}

/// `cp backup bot.session` keeps the inode, so a backend that has the file
/// open must look at what is in it.
#[test]
fn a_backup_copied_over_an_open_file_is_seen() {
    let folder = folder();
    let (path, backup) = (folder.path().join("bot.session"), folder.path().join("backup"));
    for (before, restored) in [(3, 500), (500, 3), (3, 3)] {
        BinaryFileBackend::new(&backup).save(&full(restored)).unwrap();
        BinaryFileBackend::new(&backup).set_home_dc(4).unwrap();
        let backend = BinaryFileBackend::new(&path);
        backend.save(&full(before)).unwrap();
        fs::copy(&backup, &path).unwrap();
        let expected = PersistedSession { home_dc_id: 4, ..full(restored) };
        assert_eq!(backend.load().unwrap().map(normal), Some(normal(expected.clone())));
        backend.cache_peer(&user(1 << 40, 1)).unwrap();
        let mut expected = expected;
        expected.peers.push(user(1 << 40, 1));
        assert_eq!(backend.load().unwrap().map(normal), Some(normal(expected.clone())));
        // Without a load in between, too.
        fs::copy(&backup, &path).unwrap();
        backend.cache_peer(&user(1 << 40, 1)).unwrap();
        assert_eq!(backend.load().unwrap().map(normal), Some(normal(expected)));
        backend.delete().unwrap();
        BinaryFileBackend::new(&backup).delete().unwrap();
    }
}

#[test]
fn a_load_does_not_wait_for_a_writer() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let backend = std::sync::Arc::new(BinaryFileBackend::new(&path));
    backend.save(&full(1)).unwrap();
    let lock = File::open(beside(&path, ".lock")).unwrap();
    lock.lock().unwrap();
    let writer = std::thread::spawn({
        let backend = backend.clone();
        move || backend.set_home_dc(4)
    });
    std::thread::sleep(std::time::Duration::from_millis(100));
    assert_eq!(backend.load().unwrap().unwrap().home_dc_id, 2);
    assert!(!writer.is_finished(), "or this test shows nothing");
    drop(lock);
    writer.join().unwrap().unwrap();
}

#[test]
fn a_file_that_comes_and_goes_is_never_damage() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let backend = BinaryFileBackend::new(&path);
            for home in 1..500 {
                backend.set_home_dc(home).unwrap();
                backend.set_home_dc(home + 1).unwrap();
                backend.delete().unwrap();
            }
            done.store(true, std::sync::atomic::Ordering::SeqCst);
        });
        let backend = BinaryFileBackend::new(&path);
        while !done.load(std::sync::atomic::Ordering::SeqCst) {
            backend.load().unwrap();
        }
    });
}

#[test]
fn a_session_saved_by_itself_goes_well_with_a_backend() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    full(2).save(&path).unwrap();
    assert_eq!(names(folder.path()), ["bot.session"], "nothing but the file");
    assert_eq!(mode(&path), 0o600);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let backend = BinaryFileBackend::new(&path);
            (1..200).for_each(|home| backend.set_home_dc(home).unwrap());
        });
        scope.spawn(|| (0..200).for_each(|_| full(2).save(&path).unwrap()));
    });
    assert!(PersistedSession::load(&path).is_ok());
}
