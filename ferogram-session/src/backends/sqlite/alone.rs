//! The conformance suite where nothing else is compiled: `sqlite-session` on
//! rusqlite's engine, without what other features bring along.
#![allow(clippy::unwrap_used, reason = "a test stops at what is wrong")]

use crate::SqliteBackend;
use crate::sql::{SqlExecutor, Statement};
use crate::testing::Place;

fn make(place: &Place) -> SqliteBackend {
    SqliteBackend::new(place.dir().join("sessions.db")).session(place.key())
}

fn damage(place: &Place) {
    let sql = "UPDATE ferogram_dcs SET auth_key = zeroblob(256) WHERE auth_key IS NOT NULL";
    let statement = Statement::new(sql, vec![]).guard();
    assert!(make(place).__store().executor().batch(&[statement], true).unwrap());
}

ferogram_session::conformance!(
    make,
    persistent,
    power_safe,
    shared,
    conditional,
    many_sessions,
    detects_damage = damage
);
