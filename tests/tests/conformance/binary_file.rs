use ferogram_session::testing::Place;
use ferogram_session::{BinaryFileBackend, conformance};
use std::fs;
use std::path::PathBuf;

fn path(place: &Place) -> PathBuf {
    place.dir().join("bot.session")
}

fn make(place: &Place) -> BinaryFileBackend {
    BinaryFileBackend::new(path(place))
}

/// One bit of one byte, in the middle.
fn damage(place: &Place) {
    let mut bytes = fs::read(path(place)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    fs::write(path(place), bytes).unwrap();
}

conformance!(make, persistent, power_safe, shared, conditional, detects_damage = damage);
