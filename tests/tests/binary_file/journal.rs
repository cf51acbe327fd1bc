//! How much is written, and what is synced.

use super::folder;
use ferogram_session::{BinaryFileBackend, SessionBackend};
use ferogram_session_tests::power::strace;
use ferogram_session_tests::sessions::{full, normal, user};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

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

/// A rewrite leaves word that the name of its file is durable, so whoever only
/// reads the file need not sync the folder. Whoever says that something is durable
/// does not take that word: it comes along when the file is copied or moved.
#[test]
fn a_load_after_a_whole_rewrite_syncs_nothing_and_a_promise_is_not_read_from_the_file() {
    const NAME: &str = "binary_file::journal::a_load_after_a_whole_rewrite_syncs_nothing_and_a_promise_is_not_read_from_the_file";
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
