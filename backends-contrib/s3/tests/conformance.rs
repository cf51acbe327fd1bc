//! The conformance suite over moto: one server for the program, and a prefix
//! of its own for each place.
//!
//! S3 has a session on several disks when it answers, so it is `power_safe`.
//! moto, which keeps its objects in memory, stands in for it here: the cases
//! kill the program that writes, not the server.
#![allow(clippy::unwrap_used, reason = "a test stops at the first thing that is wrong")]

mod support;

use ferogram_session::conformance;
use ferogram_session::testing::Place;
use ferogram_session_s3::{S3Backend, S3Config};
use ferogram_session_servers::s3::{BUCKET, S3};
use ferogram_session_servers::shared::OfProgram;
use support::Objects;

static SERVER: OfProgram<S3> = OfProgram::new();

fn config(place: &Place) -> S3Config {
    let note = SERVER.at(place, S3::open, S3::note);
    let [url, id, secret] = note.split(' ').collect::<Vec<_>>().try_into().unwrap();
    S3Config::new(format!("s3://{BUCKET}/{}", place.id())).endpoint(url).credentials(id, secret)
}

fn make(place: &Place) -> S3Backend {
    S3Backend::with(config(place), place.key())
}

/// A byte of the object is another one.
fn damage(place: &Place) {
    let objects = Objects::of(&SERVER.get(S3::open));
    let path = format!("{}/{}.session", place.id(), place.key());
    let mut bytes = objects.get(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    objects.put(&path, bytes);
}

conformance!(
    make,
    persistent,
    power_safe,
    shared,
    conditional,
    many_sessions,
    detects_damage = damage
);
