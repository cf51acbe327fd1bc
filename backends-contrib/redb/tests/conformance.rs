//! The conformance suite over a file of redb's.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

use ferogram_session::conformance;
use ferogram_session::testing::{Place, sample};
use ferogram_session_redb::RedbBackend;
use std::fs;
use std::path::PathBuf;

fn path(place: &Place) -> PathBuf {
    place.dir().join("session.redb")
}

fn make(place: &Place) -> RedbBackend {
    let opened = place.shared(|| RedbBackend::new(path(place)));
    RedbBackend::clone(&opened)
}

/// In the place of the file comes a copy in which a bit of a datacentre's
/// address is another one: as from a disk that was restored. A file that stays
/// is looked at when it is opened, and until then served from memory; see
/// `damage.rs` for every other bit.
fn damage(place: &Place) {
    let mut bytes = fs::read(path(place)).unwrap();
    let address = sample::full().dcs[0].addr.clone();
    let found = |at: &usize| bytes[*at..].starts_with(address.as_bytes());
    // redb keeps two states, and what went before.
    let all: Vec<usize> = (0..bytes.len()).filter(found).collect();
    assert!(!all.is_empty());
    all.iter().for_each(|at| bytes[*at] ^= 1);
    let copy = place.dir().join("copy");
    fs::write(&copy, bytes).unwrap();
    fs::rename(copy, path(place)).unwrap();
}

conformance!(make, persistent, power_safe, detects_damage = damage);
