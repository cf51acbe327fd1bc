//! `recover()` where no generation was kept: what comes back is a login that
//! there was, and where that cannot be told, it has to be asked for.

use ferogram_session::{
    BinaryFileBackend, DcEntry, DcFlags, PersistedSession, SessionBackend, SessionError,
};
use std::fs;
use std::path::{Path, PathBuf};

fn key(number: u8) -> [u8; 256] {
    std::array::from_fn(|at| number.wrapping_mul(31) ^ at as u8)
}

fn dc(dc_id: i32) -> DcEntry {
    let auth_key = Some(key(dc_id as u8));
    DcEntry { auth_key, ..DcEntry::from_parts(dc_id, "149.154.167.51", 443, DcFlags::NONE) }
}

/// Ten datacentres, of which the second is the home.
fn session() -> PersistedSession {
    let dcs = (1..=10).map(dc).collect();
    PersistedSession { home_dc_id: 2, dcs, ..PersistedSession::default() }
}

/// A file of a first save, which has no generation before it, and its bytes.
fn first_save(folder: &Path) -> (PathBuf, Vec<u8>) {
    let path = folder.join("bot.session");
    BinaryFileBackend::new(&path).save(&session()).unwrap();
    let bytes = fs::read(&path).unwrap();
    (path, bytes)
}

/// Where the key of a datacentre begins in a file of ours.
fn place_of(number: u8, bytes: &[u8]) -> usize {
    bytes.windows(256).position(|part| part == key(number)).unwrap()
}

fn is_corrupt(error: &std::io::Error) -> bool {
    matches!(SessionError::of(error), Some(SessionError::Corrupt(_)))
}

#[test]
fn a_key_that_its_checksum_contradicts_is_not_called_recovered() {
    let folder = tempfile::tempdir().unwrap();
    let (path, mut bytes) = first_save(folder.path());
    let at = place_of(2, &bytes) + 50;
    bytes[at] ^= 0x10;
    fs::write(&path, &bytes).unwrap();
    let backend = BinaryFileBackend::new(&path);

    let error = backend.recover().unwrap_err();
    assert!(is_corrupt(&error), "{error}");
    let said = error.to_string();
    assert!(said.contains("may be one of a key"), "{said}");
    assert!(said.contains("recover_unchecked()"), "{said}");
    assert_eq!(fs::read(&path).unwrap(), bytes);
    assert!(is_corrupt(&backend.load().unwrap_err()));

    // Whoever asks for it gets it as it stands there.
    let unchecked = backend.recover_unchecked().unwrap();
    assert_eq!(unchecked.home_dc_id, 2);
    assert_ne!(unchecked.dcs[1].auth_key, Some(key(2)));
    assert_eq!(backend.load().unwrap(), Some(unchecked));
    assert_eq!(fs::read(folder.path().join("bot.session.damaged")).unwrap(), bytes);
}

#[test]
fn a_login_before_the_end_of_a_cut_file_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = first_save(folder.path());
    // In the middle of the third datacentre's key: the home DC is the second.
    let cut = place_of(3, &bytes) + 100;
    fs::write(&path, &bytes[..cut]).unwrap();
    let recovered = BinaryFileBackend::new(&path).recover().unwrap();
    assert_eq!((recovered.home_dc_id, recovered.dcs), (2, vec![dc(1), dc(2)]));

    // Cut before the key of the home DC ends there is no login in it.
    let folder = tempfile::tempdir().unwrap();
    let (path, bytes) = first_save(folder.path());
    fs::write(&path, &bytes[..place_of(2, &bytes) + 255]).unwrap();
    let error = BinaryFileBackend::new(&path).recover().unwrap_err();
    assert!(error.to_string().contains("holds no login that could be made out"), "{error}");
}

/// As 0.6.6 leaves it, without a checksum.
#[test]
fn a_damaged_address_costs_no_login_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.session");
    let mut bytes = released::PersistedSession::from_bytes(&session().to_bytes()).unwrap();
    bytes.updates_state.pts = 7;
    let mut bytes = bytes.to_bytes();
    let address = bytes.windows(4).rposition(|part| part == b"149.").unwrap();
    bytes[address] = b'x';
    bytes.pop();
    fs::write(&path, &bytes).unwrap();
    let recovered = BinaryFileBackend::new(&path).recover().unwrap();
    assert_eq!(recovered.dcs, session().dcs[..9]);
    assert_eq!(recovered.updates_state.pts, 7);
}
