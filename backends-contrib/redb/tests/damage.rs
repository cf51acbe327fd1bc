//! A file that is not as redb left it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what is wrong")]

use ferogram_session::{
    CachedPeer, DcEntry, DcFlags, PersistedSession, SessionBackend, SessionError,
};
use ferogram_session_redb::RedbBackend;
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

fn session(key: u8, peers: i64) -> PersistedSession {
    let mut dc = DcEntry::from_parts(2, "149.154.167.51", 443, DcFlags::NONE);
    dc.auth_key = Some([key; 256]);
    let peer = |id| CachedPeer {
        id,
        access_hash: id * 31,
        is_channel: false,
        is_chat: false,
        channel_kind: None,
        is_community: false,
    };
    let mut session = PersistedSession { home_dc_id: 2, dcs: vec![dc], ..Default::default() };
    session.peers = (1..=peers).map(peer).collect();
    session.normalize();
    session
}

fn in_folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my-bot.redb");
    (folder, path)
}

/// A session that was saved over another one.
fn saved(path: &Path) -> PersistedSession {
    let backend = RedbBackend::new(path);
    backend.save(&session(1, 10)).unwrap();
    backend.save(&session(2, 12)).unwrap();
    session(2, 12)
}

fn corrupt(error: &io::Error) -> bool {
    matches!(SessionError::of(error), Some(SessionError::Corrupt(_)))
}

/// An error, or the session as it was saved: never a panic, none, or another.
#[track_caller]
fn whole_or_an_error(path: &Path, saved: &PersistedSession, what: &str) -> bool {
    let backend = RedbBackend::new(path);
    let loaded = catch_unwind(AssertUnwindSafe(|| backend.load()));
    match loaded.unwrap_or_else(|_| panic!("{what}: a panic")) {
        Ok(Some(mut session)) => {
            session.normalize();
            assert!(session == *saved, "{what}: another session");
            true
        }
        Ok(None) => panic!("{what}: none, and the client would log in anew"),
        Err(_) => false,
    }
}

/// The header says which of two states is the last.
#[test]
fn a_header_with_a_flipped_bit_is_whole_or_an_error() {
    flip((0..32).flat_map(|at| (0..8).map(move |bit| (at, bit))));
}

#[test]
fn a_page_with_a_flipped_bit_is_whole_or_an_error() {
    let (_folder, path) = in_folder();
    saved(&path);
    let bytes = fs::read(&path).unwrap();
    // Most of the file was never used, and part of the rest no longer is.
    let used: Vec<usize> = (32..bytes.len()).filter(|at| bytes[*at] != 0).collect();
    let errors = flip(used.iter().step_by(used.len() / 150).map(|at| (*at, at % 8)));
    assert!(errors > 10, "{errors}");
}

/// Flips each of these bits alone; how often that is found.
fn flip(bits: impl Iterator<Item = (usize, usize)>) -> usize {
    let (_folder, path) = in_folder();
    let saved = saved(&path);
    let bytes = fs::read(&path).unwrap();
    let mut errors = 0;
    for (at, bit) in bits {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << bit;
        fs::write(&path, &damaged).unwrap();
        let what = format!("bit {bit} of byte {at}");
        errors += usize::from(!whole_or_an_error(&path, &saved, &what));
    }
    fs::write(&path, &bytes).unwrap();
    assert!(whole_or_an_error(&path, &saved, "as it was"));
    errors
}

#[test]
fn a_file_that_was_cut_off_is_an_error() {
    let (_folder, path) = in_folder();
    let saved = saved(&path);
    let bytes = fs::read(&path).unwrap();
    let lengths = (0..40).map(|part| bytes.len() * part / 40).chain([1, 9, 64, 319, 320, 4_096]);
    for length in lengths {
        fs::write(&path, &bytes[..length]).unwrap();
        let found = whole_or_an_error(&path, &saved, &format!("{length} bytes"));
        // A file grows ahead of what is in it.
        assert!(!found || length > 4_096, "{length} bytes are not enough");
        // And nobody takes the place for free.
        let after = RedbBackend::new(&path).save(&session(3, 1));
        assert!(after.is_err() || found, "{length} bytes: written over");
    }
}

#[test]
fn a_file_that_was_emptied_is_damage_whoever_opens_it() {
    let (_folder, path) = in_folder();
    let open = RedbBackend::new(&path);
    open.save(&session(1, 3)).unwrap();
    let fails = |backend: &RedbBackend| {
        for error in [
            backend.load().map(drop).unwrap_err(),
            backend.save(&session(2, 3)).unwrap_err(),
            backend.set_home_dc(4).unwrap_err(),
        ] {
            assert!(corrupt(&error), "{error}");
        }
    };
    // What had it open closes it, and redb writes when it does.
    fs::write(&path, "").unwrap();
    fails(&open);
    drop(open);
    fails(&RedbBackend::new(&path));
    fs::write(&path, "").unwrap();
    fails(&RedbBackend::new(&path));
    assert_eq!(fs::metadata(&path).unwrap().len(), 0);
    RedbBackend::new(&path).delete().unwrap();
    assert!(RedbBackend::new(&path).load().unwrap().is_none());
}

#[test]
fn a_file_of_others_is_left_as_it_is() {
    let (_folder, path) = in_folder();
    fs::write(&path, "a photo of a cat").unwrap();
    let backend = RedbBackend::new(&path);
    assert!(corrupt(&backend.load().map(drop).unwrap_err()));
    assert!(corrupt(&backend.set_home_dc(1).unwrap_err()));
    assert_eq!(fs::read(&path).unwrap(), b"a photo of a cat");
}
