//! The way back.

use super::{beside, folder, mode, names};
use ferogram_session::{BinaryFileBackend, DcFlags, SessionBackend, SessionError};
use ferogram_session_tests::sessions::{dc, full, normal, user};
use std::fs::{self, File};
use std::io::ErrorKind;

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
