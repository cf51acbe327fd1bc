//! How a session gets into a file: whole, private, in the right place, and
//! with a way back.
#![cfg(unix)]

use ferogram_session::{
    BinaryFileBackend, DcFlags, PersistedSession, SessionBackend, SessionError,
};
use ferogram_session_tests::power::strace;
use ferogram_session_tests::sessions::{dc, full, normal, user};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn every_file_is_readable_by_its_owner_only() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let backend = BinaryFileBackend::new(&path);
    backend.save(&full(1)).unwrap();
    backend.set_home_dc(4).unwrap();
    assert_eq!(names(folder.path()), ["bot.session", "bot.session.lock", "bot.session.prev"]);
    for name in names(folder.path()) {
        assert_eq!(mode(&folder.path().join(&name)), 0o600, "{name}");
    }
}

#[test]
fn a_file_of_0_6_6_is_tightened_at_its_first_write_by_append_too() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    fs::write(&path, released::PersistedSession::default().to_bytes()).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    BinaryFileBackend::new(&path).load().unwrap();
    assert_eq!(mode(&path), 0o644, "a load changes nothing");
    BinaryFileBackend::new(&path).cache_peer(&user(1, 1)).unwrap();
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&beside(&path, ".prev")), 0o600);

    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let inode = fs::metadata(&path).unwrap().ino();
    BinaryFileBackend::new(&path).cache_peer(&user(2, 1)).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().ino(), inode, "appended");
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn a_counter_or_a_peer_appends_at_most_64_bytes_whatever_the_size() {
    for peers in [0, 10, 20_000] {
        let folder = folder();
        let path = folder.path().join("bot.session");
        let backend = BinaryFileBackend::new(&path);
        backend.save(&full(peers)).unwrap();
        let mut len = fs::metadata(&path).unwrap().len();
        let mut grown = |what: &str| {
            let now = fs::metadata(&path).unwrap().len();
            assert!((1..=64).contains(&(now - len)), "{what} wrote {} bytes", now - len);
            len = now;
        };
        use ferogram_session::UpdateStateChange::{Channel, Primary, Secondary};
        backend.apply_update_state(Primary { pts: 1, date: 2, seq: 3 }).unwrap();
        grown("primary");
        backend.apply_update_state(Secondary { qts: 1 }).unwrap();
        grown("secondary");
        backend.apply_update_state(Channel { id: 1 << 60, pts: 1 }).unwrap();
        grown("channel");
        backend.cache_peer(&user(1 << 61, i64::MIN)).unwrap();
        grown("peer");
        backend.cache_peer(&user(1 << 61, 0)).unwrap();
        backend.cache_peer(&user(1 << 62, 0)).unwrap();
        grown("peer without a hash");
    }
}

#[test]
fn a_save_writes_what_changed_and_nothing_when_nothing_did() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let mut session = full(20_000);
    // With and without a cache that knows what is stored.
    for fresh in [false, true] {
        let mut backend = BinaryFileBackend::new(&path);
        backend.save(&session).unwrap();
        if fresh {
            backend = BinaryFileBackend::new(&path);
        }
        let before = fs::metadata(&path).unwrap();
        backend.save(&session).unwrap();
        for peer in session.peers.iter_mut().step_by(2_000) {
            peer.access_hash += 1;
        }
        // A salt changes at every reconnect; that is no new login.
        session.dcs[1].first_salt += 1;
        backend.save(&session).unwrap();
        let after = fs::metadata(&path).unwrap();
        assert_eq!(before.ino(), after.ino(), "appended");
        assert!(after.len() - before.len() <= 1_024, "{} bytes", after.len() - before.len());
        assert_eq!(backend.load().unwrap().map(normal), Some(normal(session.clone())));
    }
}

#[test]
fn a_long_journal_is_rewritten() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let backend = BinaryFileBackend::new(&path);
    backend.save(&full(1)).unwrap();
    let mut largest = 0;
    for pts in 0..10_000 {
        backend
            .apply_update_state(ferogram_session::UpdateStateChange::Primary {
                pts,
                date: 0,
                seq: 0,
            })
            .unwrap();
        largest = largest.max(fs::metadata(&path).unwrap().len());
    }
    assert!(largest < 128 * 1024, "{largest}");
    assert_eq!(BinaryFileBackend::new(&path).load().unwrap().unwrap().updates_state.pts, 9_999);
}

#[test]
fn a_symbolic_link_stays_one() {
    let folder = folder();
    fs::create_dir(folder.path().join("real")).unwrap();
    let (link, far) = (folder.path().join("bot.session"), folder.path().join("far.session"));
    symlink("far.session", &link).unwrap();
    symlink("real/target", &far).unwrap();
    let backend = BinaryFileBackend::new(&link);
    assert!(backend.load().unwrap().is_none(), "a link to nothing yet");
    backend.save(&full(1)).unwrap();
    backend.set_home_dc(5).unwrap();
    assert!(link.is_symlink() && far.is_symlink());
    assert_eq!(names(&folder.path().join("real")), ["target", "target.lock", "target.prev"]);
    assert_eq!(BinaryFileBackend::new(&link).load().unwrap().unwrap().home_dc_id, 5);
    backend.delete().unwrap();
    assert!(link.is_symlink() && backend.load().unwrap().is_none());

    let circle = folder.path().join("circle");
    symlink("circle", &circle).unwrap();
    assert!(BinaryFileBackend::new(&circle).load().is_err());
}

#[test]
fn names_that_differ_in_the_extension_share_nothing() {
    let folder = folder();
    let one = BinaryFileBackend::new(folder.path().join("bot.session"));
    let two = BinaryFileBackend::new(folder.path().join("bot.dat"));
    one.set_home_dc(1).unwrap();
    two.set_home_dc(2).unwrap();
    one.set_home_dc(3).unwrap();
    one.delete().unwrap();
    assert_eq!(two.load().unwrap().unwrap().home_dc_id, 2);
}

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
fn the_previous_generation_is_kept_and_recover_brings_it_back() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let backend = BinaryFileBackend::new(&path);
    backend.save(&full(2)).unwrap();
    backend.cache_peer(&user(77, 7)).unwrap();
    let good = backend.load().unwrap().map(normal).unwrap();
    backend.set_home_dc(5).unwrap();

    let whole = backend.recover().unwrap_err();
    assert!(whole.to_string().contains("nothing to recover"), "{whole}");

    fs::write(&path, b"garbage").unwrap();
    assert_eq!(backend.load().unwrap_err().kind(), ErrorKind::InvalidData);
    assert_eq!(normal(backend.recover().unwrap()), good);
    assert_eq!(BinaryFileBackend::new(&path).load().unwrap().map(normal), Some(good.clone()));
    assert_eq!(fs::read(beside(&path, ".damaged")).unwrap(), b"garbage");
    assert_eq!(mode(&beside(&path, ".damaged")), 0o600);

    // Gone altogether is damage, too, as long as something was kept.
    fs::remove_file(&path).unwrap();
    assert_eq!(backend.load().unwrap_err().kind(), ErrorKind::InvalidData);
    assert!(backend.save(&full(1)).is_err());
    assert_eq!(normal(backend.recover().unwrap()), good);

    backend.delete().unwrap();
    assert_eq!(names(folder.path()), ["bot.session.lock"]);
    assert!(backend.load().unwrap().is_none());
    assert!(backend.recover().is_err());
}

#[test]
fn recover_keeps_a_login_that_is_newer_than_the_previous_generation() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let backend = BinaryFileBackend::new(&path);
    backend.save(&full(2)).unwrap();
    backend.update_dc(&dc(4, DcFlags::NONE, Some(99))).unwrap();
    backend.cache_peer(&user(77, 7)).unwrap();
    let good = backend.load().unwrap().map(normal).unwrap();
    backend.cache_peer(&user(78, 7)).unwrap();
    let damaged = fs::metadata(&path).unwrap().len() as usize - 1;
    backend.checkpoint().unwrap();
    let mut bytes = fs::read(&path).unwrap();
    bytes[damaged] ^= 1;
    fs::write(&path, bytes).unwrap();

    let error = backend.load().unwrap_err();
    let offset = SessionError::of(&error).unwrap().details().offset();
    assert!(offset.is_some_and(|offset| offset as usize <= damaged), "{error}");
    assert_eq!(normal(backend.recover().unwrap()), good);
}

#[test]
fn what_cannot_be_read_is_that_error_and_never_no_session() {
    let folder = folder();
    let as_folder = folder.path().join("folder");
    fs::create_dir(&as_folder).unwrap();
    let backend = BinaryFileBackend::new(&as_folder);
    assert_eq!(backend.load().unwrap_err().kind(), ErrorKind::IsADirectory);
    assert!(backend.save(&full(1)).is_err());
    assert!(as_folder.is_dir());

    let nowhere = BinaryFileBackend::new(folder.path().join("missing/bot.session"));
    assert!(nowhere.load().unwrap().is_none(), "nothing was ever saved");
    let error = nowhere.save(&full(1)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("create the folder"), "{error}");
}

#[test]
fn a_file_larger_than_any_session_is_damage_and_asks_for_no_memory() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    // Sparse: takes no room.
    File::create(&path).unwrap().set_len(1 << 40).unwrap();
    let backend = BinaryFileBackend::new(&path);
    for error in [backend.load().map(drop).unwrap_err(), backend.set_home_dc(1).unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::InvalidData, "{error}");
        assert!(error.to_string().contains("larger than any session"), "{error}");
    }
}

/// Runs one test of this program in a process of its own.
fn child(test: &str, setup: impl FnOnce(&mut Command)) -> bool {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--include-ignored"]);
    setup(&mut command);
    command.status().unwrap().success()
}

#[test]
fn too_many_open_files_is_that_error() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    BinaryFileBackend::new(&path).save(&full(1)).unwrap();
    // Descriptors are counted for each process, so this needs one of its own.
    if std::env::var_os("SESSION_TEST_EXHAUST").is_none() {
        assert!(child("too_many_open_files_is_that_error", |command| {
            command.env("SESSION_TEST_EXHAUST", "1");
        }));
        return;
    }
    let backend = BinaryFileBackend::new(&path);
    let mut hoard = Vec::new();
    while let Ok(file) = File::open("/dev/null") {
        hoard.push(file);
    }
    let load = backend.load();
    let save = backend.save(&full(3));
    drop(hoard);
    for error in [load.map(drop).unwrap_err(), save.unwrap_err()] {
        assert_eq!(error.raw_os_error().or(Some(24)), Some(24), "{error}");
        assert!(error.to_string().contains("Too many open files"), "{error}");
    }
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(1))));
    backend.save(&full(3)).unwrap();
}

#[test]
fn a_file_without_the_right_to_read_it_is_that_error() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    if std::env::var_os("SESSION_TEST_PATH").is_none() {
        BinaryFileBackend::new(&path).save(&full(1)).unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        // Root may read everything, so the other process is nobody.
        assert!(child("a_file_without_the_right_to_read_it_is_that_error", |command| {
            use std::os::unix::process::CommandExt;
            command.env("SESSION_TEST_PATH", &path);
            if fs::metadata("/proc/self").unwrap().uid() == 0 {
                command.uid(65_534).gid(65_534);
            }
        }));
        return;
    }
    let path = PathBuf::from(std::env::var_os("SESSION_TEST_PATH").unwrap());
    let error = BinaryFileBackend::new(&path).load().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{error}");
    assert!(BinaryFileBackend::new(&path).save(&full(2)).is_err());
}

#[test]
fn a_load_takes_no_lock_and_works_where_nothing_can_be_written() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    if std::env::var_os("SESSION_TEST_PATH").is_none() {
        BinaryFileBackend::new(&path).save(&full(1)).unwrap();
        let ours = fs::read(&path).unwrap();
        // Of an older release, and of ours without and with the last mark.
        for bytes in [&full(1).to_bytes()[..], &ours[..ours.len() - 41], &ours] {
            fs::write(&path, bytes).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
            assert!(child(
                "a_load_takes_no_lock_and_works_where_nothing_can_be_written",
                |command| {
                    use std::os::unix::process::CommandExt;
                    command.env("SESSION_TEST_PATH", &path);
                    if fs::metadata("/proc/self").unwrap().uid() == 0 {
                        command.uid(65_534).gid(65_534);
                    }
                }
            ));
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
            assert_eq!(names(folder.path()), ["bot.session", "bot.session.lock"]);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        }
        return;
    }
    let path = PathBuf::from(std::env::var_os("SESSION_TEST_PATH").unwrap());
    assert_eq!(BinaryFileBackend::new(&path).load().unwrap().map(normal), Some(normal(full(1))));
    let error = BinaryFileBackend::new(&path).set_home_dc(1).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{error}");
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
            child("eight_processes_lose_nothing", |command| {
                command.env("SESSION_TEST_NTH", nth.to_string()).env("SESSION_TEST_PATH", path);
            })
        })
    };
    let processes: Vec<_> = (0..8).map(run).collect();
    for process in processes {
        assert!(process.join().unwrap());
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

#[test]
fn leftovers_of_a_crash_are_cleared_away() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let leftover = beside(&path, ".0123456789abcdef0123456789abcdef.tmp");
    let others = beside(&path, ".backup.tmp");
    fs::write(&leftover, b"half a key").unwrap();
    fs::write(&others, b"not ours").unwrap();
    BinaryFileBackend::new(&path).save(&full(1)).unwrap();
    assert!(!leftover.exists() && others.exists());
}

/// A process that ends between the two renames of a rewrite leaves one file
/// under both names, and a rename to another name of the same file does nothing.
#[test]
fn a_session_that_is_its_own_previous_generation_leaves_no_stray_name() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let backend = BinaryFileBackend::new(&path);
    backend.save(&full(1)).unwrap();
    fs::hard_link(&path, beside(&path, ".prev")).unwrap();
    backend.set_home_dc(4).unwrap();
    assert_eq!(names(folder.path()), ["bot.session", "bot.session.lock", "bot.session.prev"]);
    let previous = PersistedSession::load(&beside(&path, ".prev")).unwrap();
    assert_eq!(previous.home_dc_id, 2);
}

/// Of a process that ended a moment ago, by a clock that may be wrong.
#[test]
fn a_deleted_session_is_in_no_leftover_however_young() {
    let (now, day) = (std::time::SystemTime::now(), std::time::Duration::from_secs(86_400));
    for at in [now, now + day, now - day] {
        for saved in [true, false] {
            let folder = folder();
            let path = folder.path().join("bot.session");
            let backend = BinaryFileBackend::new(&path);
            if saved {
                backend.save(&full(1)).unwrap();
            }
            let leftover = beside(&path, ".0123456789abcdef0123456789abcdef.new");
            fs::write(&leftover, full(1).to_bytes()).unwrap();
            File::options().write(true).open(&leftover).unwrap().set_modified(at).unwrap();
            backend.delete().unwrap();
            assert!(!leftover.exists(), "{at:?}, {saved}");
            assert_eq!(backend.load().unwrap(), None);
        }
    }
}

/// As 0.6.6 writes it: the lower 16 bits of the count, then all peers.
#[test]
fn a_file_of_0_6_6_with_a_wrapped_count_is_refused_and_recovered_whole() {
    for peers in [65_536, 70_000] {
        let folder = folder();
        let path = folder.path().join("bot.session");
        let mut session = full(0);
        session.peers = (1..=peers).map(|id| user(id, id)).collect();
        let theirs = released::PersistedSession {
            home_dc_id: session.home_dc_id,
            dcs: released::PersistedSession::from_bytes(&full(0).to_bytes()).unwrap().dcs,
            updates_state: released::PersistedSession::from_bytes(&full(0).to_bytes())
                .unwrap()
                .updates_state,
            peers: (1..=peers)
                .map(|id| released::CachedPeer {
                    id,
                    access_hash: id,
                    is_channel: false,
                    is_chat: false,
                    channel_kind: None,
                    is_community: false,
                })
                .collect(),
            min_peers: vec![released::CachedMinPeer { user_id: 900, peer_id: 7, msg_id: 12 }],
            future_auth_token: session.future_auth_token.clone(),
        };
        theirs.save(&path).unwrap();
        let backend = BinaryFileBackend::new(&path);
        let error = backend.load().unwrap_err();
        assert!(error.to_string().contains("recover()"), "{error}");
        assert_eq!(normal(backend.recover().unwrap()), normal(session.clone()));
        assert_eq!(
            BinaryFileBackend::new(&path).load().unwrap().map(normal),
            Some(normal(session))
        );
    }
}

#[test]
fn recover_finds_the_login_of_a_cut_file_of_0_6_6() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let mut bytes = released::PersistedSession::from_bytes(&full(9).to_bytes()).unwrap().to_bytes();
    bytes.truncate(bytes.len() - 40);
    fs::write(&path, bytes).unwrap();
    let backend = BinaryFileBackend::new(&path);
    assert!(backend.load().is_err());
    let recovered = backend.recover().unwrap();
    assert_eq!((recovered.home_dc_id, recovered.dcs), (2, normal(full(9)).dcs));
    assert_eq!(recovered.updates_state.pts, 1_000);
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

#[test]
fn deleting_nothing_is_no_error_and_leaves_nothing() {
    let folder = folder();
    BinaryFileBackend::new(folder.path().join("bot.session")).delete().unwrap();
    BinaryFileBackend::new(folder.path().join("missing/bot.session")).delete().unwrap();
    assert!(names(folder.path()).is_empty());
    assert!(BinaryFileBackend::new("").save(&full(1)).is_err());
}

#[test]
fn a_checkpoint_in_a_folder_that_is_gone_is_that_error() {
    let folder = folder();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let backend = BinaryFileBackend::new(inner.join("bot.session"));
    backend.save(&full(1)).unwrap();
    fs::remove_dir_all(&inner).unwrap();
    let error = backend.checkpoint().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    assert!(error.to_string().contains("create the folder"), "{error}");
}

#[test]
fn a_checkpoint_of_nothing_writes_nothing() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let backend = BinaryFileBackend::new(&path);
    backend.save(&full(1)).unwrap();
    backend.cache_peer(&user(1_000, 1)).unwrap();
    backend.checkpoint().unwrap();
    let len = fs::metadata(&path).unwrap().len();
    (0..100).for_each(|_| backend.checkpoint().unwrap());
    BinaryFileBackend::new(&path).checkpoint().unwrap();
    assert_eq!(fs::metadata(&path).unwrap().len(), len);
}

#[test]
fn what_root_writes_stays_the_services() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    fs::write(&path, full(1).to_bytes()).unwrap();
    // Only root can give files away; for others the owner is their own.
    let me = fs::metadata("/proc/self").unwrap().uid();
    let service = if me == 0 { 65_534 } else { me };
    std::os::unix::fs::chown(&path, Some(service), None).unwrap();
    BinaryFileBackend::new(&path).set_home_dc(4).unwrap();
    for name in names(folder.path()) {
        let owner = fs::metadata(folder.path().join(&name)).unwrap().uid();
        assert_eq!(owner, service, "{name}");
    }
}

/// `recover()` of it must not read it either.
#[test]
fn what_is_no_regular_file_is_refused_and_stays() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let made = Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
    let backend = BinaryFileBackend::new(&path);
    for error in [
        backend.load().map(drop).unwrap_err(),
        backend.save(&full(1)).unwrap_err(),
        backend.recover().map(drop).unwrap_err(),
        backend.delete().unwrap_err(),
    ] {
        assert!(error.to_string().contains("not a regular file"), "{error}");
    }
    assert!(path.exists());
    let nothing = BinaryFileBackend::new("");
    assert!(nothing.load().is_err() && nothing.delete().is_err());
}

#[test]
fn recover_does_not_read_a_file_that_is_larger_than_any_session() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let backend = BinaryFileBackend::new(&path);
    backend.save(&full(2)).unwrap();
    backend.set_home_dc(4).unwrap();
    File::options().write(true).open(&path).unwrap().set_len(1 << 40).unwrap();
    assert!(backend.load().is_err());
    assert_eq!(normal(backend.recover().unwrap()), normal(full(2)));
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(2))));
}

#[test]
fn recover_of_what_cannot_be_mended_leaves_it_where_it_is() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let backend = BinaryFileBackend::new(&path);
    backend.save(&full(2)).unwrap();
    assert!(!beside(&path, ".prev").exists());
    File::options().write(true).open(&path).unwrap().set_len(1 << 40).unwrap();
    assert!(backend.recover().is_err());
    assert!(backend.load().is_err(), "nothing was deleted");
    assert_eq!(fs::metadata(&path).unwrap().len(), 1 << 40);
}

/// A session that moved to another volume, which is not there.
#[test]
fn a_link_to_what_is_not_mounted_is_no_absent_session() {
    let folder = folder();
    let (link, volume) = (folder.path().join("bot.session"), folder.path().join("volume"));
    symlink(volume.join("bot.session"), &link).unwrap();
    let backend = BinaryFileBackend::new(&link);
    for error in [backend.load().map(drop), backend.save(&full(1)), backend.delete()] {
        let error = error.unwrap_err();
        assert!(error.to_string().contains("volume"), "{error}");
    }
    fs::create_dir(&volume).unwrap();
    assert!(backend.load().unwrap().is_none());
    backend.save(&full(1)).unwrap();
    assert!(backend.load().unwrap().is_some());
}

/// The file that was there before the link has left its previous generation.
#[test]
fn what_was_kept_beside_a_link_shows_that_there_was_a_session() {
    let folder = folder();
    let (link, volume) = (folder.path().join("bot.session"), folder.path().join("volume"));
    let backend = BinaryFileBackend::new(&link);
    backend.save(&full(1)).unwrap();
    backend.set_home_dc(4).unwrap();
    fs::remove_file(&link).unwrap();
    fs::create_dir(&volume).unwrap();
    symlink(volume.join("bot.session"), &link).unwrap();
    let backend = BinaryFileBackend::new(&link);
    assert_eq!(backend.load().unwrap_err().kind(), ErrorKind::InvalidData);
    assert!(backend.save(&full(3)).is_err());
    assert_eq!(normal(backend.recover().unwrap()), normal(full(1)));
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(1))));

    backend.delete().unwrap();
    assert!(backend.load().unwrap().is_none());
    assert_eq!(names(folder.path()), ["bot.session", "bot.session.lock", "volume"]);
    assert_eq!(names(&volume), ["bot.session.lock"]);
}

#[test]
fn an_error_says_which_file_and_which_call() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let backend = BinaryFileBackend::new(&path);
    backend.save(&full(1)).unwrap();
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let of = |call: &str| format!("binary-file: {call} session {path:?}: ");
    let damaged = backend.load().unwrap_err().to_string();
    assert!(damaged.starts_with(&of("load")), "{damaged}");
    assert_eq!(damaged.matches("bot.session").count(), 1, "{damaged}");
    for (error, call) in [
        (backend.save(&full(2)), "save"),
        (backend.set_home_dc(4), "set_home_dc"),
        (backend.checkpoint(), "checkpoint"),
    ] {
        let error = error.unwrap_err().to_string();
        assert!(error.starts_with(&of(call)), "{error}");
    }
    fs::write(&path, whole).unwrap();
    let error = backend.recover().unwrap_err().to_string();
    assert!(error.starts_with(&of("recover")), "{error}");
}

/// Help that fits, where a folder stands in the place of one of the files.
#[test]
fn a_folder_in_the_place_of_a_file_is_named() {
    for suffix in ["", ".lock", ".prev"] {
        let folder = folder();
        let path = folder.path().join("bot.session");
        let backend = BinaryFileBackend::new(&path);
        if suffix == ".prev" {
            backend.save(&full(1)).unwrap();
        }
        let taken = beside(&path, suffix);
        fs::create_dir(&taken).unwrap();
        let error = backend.set_home_dc(4).unwrap_err().to_string();
        assert!(error.contains(&taken.display().to_string()), "{error}");
        assert!(
            error.ends_with("a folder stands there: move it away, or name another file"),
            "{error}"
        );
    }
}

/// A rewrite leaves word that the name of its file is durable, so whoever only
/// reads the file need not sync the folder. Whoever says that something is durable
/// does not take that word: it comes along when the file is copied or moved.
#[test]
fn a_load_after_a_whole_rewrite_syncs_nothing_and_a_promise_is_not_read_from_the_file() {
    const NAME: &str =
        "a_load_after_a_whole_rewrite_syncs_nothing_and_a_promise_is_not_read_from_the_file";
    if let Some(path) = std::env::var_os("SESSION_TEST_PATH") {
        let backend = BinaryFileBackend::new(path);
        let loaded = backend.load().unwrap().unwrap();
        match std::env::var("SESSION_TEST_CALL").unwrap().as_str() {
            "load" => {}
            "checkpoint" => backend.checkpoint().unwrap(),
            "the same home DC" => backend.set_home_dc(loaded.home_dc_id).unwrap(),
            call => panic!("{call}"),
        }
        return;
    }
    let folder = folder();
    let path = folder.path().join("bot.session");
    BinaryFileBackend::new(&path).save(&full(3)).unwrap();
    let syncs = |path: &Path, call: &str| {
        let trace = folder.path().join("trace");
        let mut strace = strace();
        strace.args(["-f", "-qq", "-e", "trace=fsync,fdatasync", "-o"]).arg(&trace);
        strace.arg(std::env::current_exe().unwrap()).args(["--exact", NAME]);
        strace.env("SESSION_TEST_PATH", path).env("SESSION_TEST_CALL", call);
        assert!(strace.output().unwrap().status.success());
        fs::read_to_string(&trace).unwrap().matches("sync(").count()
    };
    assert_eq!(syncs(&path, "load"), 0);
    // As `cp` leaves it: neither the bytes nor the name need be on the disk.
    let copy = folder.path().join("copy.session");
    fs::copy(&path, &copy).unwrap();
    assert_eq!(syncs(&copy, "checkpoint"), 2, "the file and its folder");
    assert_eq!(syncs(&copy, "the same home DC"), 2, "the file and its folder");
    // As a process leaves it that ends before it has synced the folder.
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() - 41]).unwrap();
    assert_eq!(syncs(&path, "load"), 1, "the folder");
}

/// Whoever has that name by chance, or a link under it, keeps what is in it.
#[test]
fn what_is_no_lock_of_ours_is_not_written_over() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    let lock = folder.path().join("bot.session.lock");
    let other = folder.path().join("other.session");
    BinaryFileBackend::new(&other).save(&full(2)).unwrap();
    let bytes = fs::read(&other).unwrap();
    let refused = || {
        let error = BinaryFileBackend::new(&path).save(&full(1)).unwrap_err();
        assert!(matches!(SessionError::of(&error), Some(SessionError::Config(_))), "{error}");
        assert!(error.to_string().contains("bot.session.lock"), "{error}");
        assert_eq!(fs::read(&other).unwrap(), bytes);
        assert!(!path.exists());
        fs::remove_file(&lock).unwrap();
    };
    symlink(&other, &lock).unwrap();
    refused();
    fs::hard_link(&other, &lock).unwrap();
    refused();
    BinaryFileBackend::new(&lock).save(&full(3)).unwrap();
    refused();
    BinaryFileBackend::new(&path).save(&full(1)).unwrap();
}
