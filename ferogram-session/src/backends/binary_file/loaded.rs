//! What a backend keeps of a session that it loaded.

use super::BinaryFileBackend;
use super::crash::peer;
use crate::SessionBackend;
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
