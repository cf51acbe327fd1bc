//! Who may read and write the files, and whose they are.

use super::{beside, folder, mode, names};
use ferogram_session::{BinaryFileBackend, SessionBackend};
use ferogram_session_tests::child::child;
use ferogram_session_tests::sessions::{full, normal, user};
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::PathBuf;

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

    // By a backend that has it open, too.
    let open = BinaryFileBackend::new(&path);
    for id in 3..6 {
        open.cache_peer(&user(id, 1)).unwrap();
        assert_eq!(mode(&path), 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    }
    open.cache_peer(&user(6, 1)).unwrap();
    assert_eq!((mode(&path), fs::metadata(&path).unwrap().ino()), (0o600, inode));
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

#[test]
fn a_file_without_the_right_to_read_it_is_that_error() {
    let folder = folder();
    let path = folder.path().join("bot.session");
    if std::env::var_os("SESSION_TEST_PATH").is_none() {
        BinaryFileBackend::new(&path).save(&full(1)).unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        // Root may read everything, so the other process is nobody.
        child(
            "binary_file::rights::a_file_without_the_right_to_read_it_is_that_error",
            "",
            |command| {
                use std::os::unix::process::CommandExt;
                command.env("SESSION_TEST_PATH", &path);
                if fs::metadata("/proc/self").unwrap().uid() == 0 {
                    command.uid(65_534).gid(65_534);
                }
            },
        );
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
            child(
                "binary_file::rights::a_load_takes_no_lock_and_works_where_nothing_can_be_written",
                "",
                |command| {
                    use std::os::unix::process::CommandExt;
                    command.env("SESSION_TEST_PATH", &path);
                    if fs::metadata("/proc/self").unwrap().uid() == 0 {
                        command.uid(65_534).gid(65_534);
                    }
                },
            );
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
