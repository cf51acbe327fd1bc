//! What a backend keeps of a session that it loaded.

use super::BinaryFileBackend;
use super::crash::peer;
use crate::SessionBackend;
use crate::backends::faults::{Fault, Model, Watch};
use crate::cache::Form;
use crate::data::PersistedSession;
use std::time::Instant;

/// Whether that is the bytes.
fn keeps_bytes(backend: &BinaryFileBackend) -> Option<bool> {
    let kept = backend.cache.0.lock(Instant::now()).unwrap();
    kept.as_ref().map(|kept| matches!(kept.records, Form::Encoded(_)))
}

#[test]
fn the_bytes_until_somebody_has_to_know_what_they_say() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.session");
    let stored = PersistedSession { peers: (1..2_000).map(peer).collect(), ..Default::default() };
    BinaryFileBackend::new(&path).save(&stored).unwrap();

    let backend = BinaryFileBackend::new(&path);
    assert_eq!(keeps_bytes(&backend), None);
    for _ in 0..2 {
        assert!(backend.load().unwrap() == Some(stored.clone()));
        assert_eq!(keeps_bytes(&backend), Some(true));
    }
    let length = || std::fs::metadata(&path).unwrap().len();
    let before = length();
    backend.save(&stored).unwrap();
    backend.cache_peer(&peer(7)).unwrap();
    assert_eq!((length(), keeps_bytes(&backend)), (before, Some(false)), "nothing changed");
    backend.load().unwrap();
    assert_eq!(keeps_bytes(&backend), Some(false), "what is known of that version stays");

    // Another's change makes it another version.
    BinaryFileBackend::new(&path).cache_peer(&peer(9_000)).unwrap();
    assert_eq!(backend.load().unwrap().unwrap().peers.len(), 2_000);
    assert_eq!(keeps_bytes(&backend), Some(true));
    // And what the bytes say is not believed when it is past.
    BinaryFileBackend::new(&path).cache_peer(&peer(9_001)).unwrap();
    backend.save(&stored).unwrap();
    assert!(BinaryFileBackend::new(&path).load().unwrap() == Some(stored));
}

#[test]
fn records_if_the_journal_is_long() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.session");
    let writer = BinaryFileBackend::new(&path);
    (1..100).for_each(|id| writer.cache_peer(&peer(id)).unwrap());
    let backend = BinaryFileBackend::new(&path);
    assert_eq!(backend.load().unwrap().unwrap().peers.len(), 99);
    assert_eq!(keeps_bytes(&backend), Some(false));
}

/// How many bytes this thread has read.
#[cfg(target_os = "linux")]
fn bytes_read() -> u64 {
    let counts = std::fs::read_to_string("/proc/thread-self/io").unwrap();
    let read = counts.lines().find_map(|line| line.strip_prefix("rchar: "));
    read.unwrap().parse().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn the_file_too_so_that_the_first_write_need_not_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.session");
    let mut stored =
        PersistedSession { peers: (1..2_000).map(peer).collect(), ..Default::default() };
    BinaryFileBackend::new(&path).save(&stored).unwrap();
    let length = std::fs::metadata(&path).unwrap().len();

    let backend = BinaryFileBackend::new(&path);
    let before = bytes_read();
    backend.load().unwrap();
    // The counts themselves are read, too.
    let once = length..length + 4_096;
    assert!(once.contains(&(bytes_read() - before)), "{} of {length}", bytes_read() - before);
    let before = bytes_read();
    stored.peers.reverse();
    stored.peers.push(peer(9_000));
    backend.save(&stored).unwrap();
    assert!(bytes_read() - before < 4_096, "{} of {length}", bytes_read() - before);

    // Whatever another did meanwhile is read, and stays.
    let backend = BinaryFileBackend::new(&path);
    backend.load().unwrap();
    BinaryFileBackend::new(&path).set_home_dc(4).unwrap();
    backend.cache_peer(&peer(9_001)).unwrap();
    let now = BinaryFileBackend::new(&path).load().unwrap().unwrap();
    assert_eq!((now.home_dc_id, now.peers.len()), (4, 2_001));
}

/// What may not be written to when it is read may be written to later.
#[test]
fn not_a_file_that_may_only_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.session");
    BinaryFileBackend::new(&path).set_home_dc(2).unwrap();
    let mut refused = 0;
    for at in 0..12 {
        let backend = BinaryFileBackend::new(&path);
        let fault = Fault::Error(std::io::ErrorKind::PermissionDenied);
        let watch = Watch::new(folder.path(), Model::default()).with_fault(at, fault);
        let (loaded, watch) = watch.during(|| backend.load());
        if watch.failed == ["open"] && loaded.is_ok() {
            refused += 1;
            backend.cache_peer(&peer(7 + at as i64)).unwrap();
        }
    }
    let peers = BinaryFileBackend::new(&path).load().unwrap().unwrap().peers;
    assert_eq!((refused, peers.len()), (1, 1));
}
