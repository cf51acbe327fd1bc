//! The real client's whole life on each backend whose sessions outlive a process.

use drop_in::life::Life;

const BOT: &str = env!("CARGO_BIN_EXE_bot");

fn lives(kind: &str) {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    Life::new(BOT, kind, place("whole")).whole();
    Life::new(BOT, kind, place("killed early")).killed_early(15);
    Life::new(BOT, kind, place("killed")).killed(25);
}

#[test]
fn on_a_file() {
    lives("file");
}

#[test]
#[cfg(feature = "sqlite")]
fn on_sqlite() {
    lives("sqlite");
}

#[test]
#[cfg(feature = "libsql")]
fn on_libsql() {
    lives("libsql");
}
