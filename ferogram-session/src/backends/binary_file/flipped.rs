//! A bit that flips in a file which a backend has open.

use super::BinaryFileBackend;
use super::crash::peer;
use crate::SessionBackend;
use crate::data::{DcEntry, DcFlags, PersistedSession};
use std::fs;

/// Behind the last mark it cannot be told from what a power cut leaves, so the changes
/// from there on are gone. But the next login makes the file anew, and with that all that
/// the backend knows is there again.
#[test]
fn a_login_brings_back_what_a_backend_knows() {
    for checkpoint in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bot.session");
        let dc = DcEntry {
            dc_id: 2,
            addr: "149.154.167.50".into(),
            auth_key: Some([5; 256]),
            first_salt: 1,
            time_offset: 0,
            flags: DcFlags::NONE,
        };
        let mut session = PersistedSession { home_dc_id: 2, dcs: vec![dc], ..Default::default() };
        let backend = BinaryFileBackend::new(&path);
        backend.save(&session).unwrap();
        let end = fs::metadata(&path).unwrap().len() as usize;
        (1..4).for_each(|id| backend.cache_peer(&peer(id)).unwrap());
        let mut bytes = fs::read(&path).unwrap();
        bytes[end + 8] ^= 1;
        // In place: it stays the file that the backend has open.
        fs::write(&path, bytes).unwrap();
        assert_eq!(BinaryFileBackend::new(&path).load().unwrap().unwrap().peers, []);

        session.peers = (1..54).map(peer).collect();
        backend.save(&session).unwrap();
        if checkpoint {
            backend.checkpoint().unwrap();
            assert_eq!(BinaryFileBackend::new(&path).load().unwrap().unwrap().peers, []);
        }
        session.dcs[0].auth_key = Some([6; 256]);
        backend.save(&session).unwrap();
        let stored = BinaryFileBackend::new(&path).load().unwrap().unwrap();
        assert_eq!(stored.dcs, session.dcs);
        assert_eq!(stored.peers.len(), 53, "with a checkpoint: {checkpoint}");
    }
}
