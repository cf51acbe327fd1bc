//! A program that makes calls under `strace`, and a look at what is left of its files.

use super::calls::{Call, Step};
use super::model::Image;
use super::trace::{self, Event, Fault};
use crate::golden::Golden;
use crate::sessions::{dc, normal};
use crate::sql_files::{FileBackend, folder};
use ferogram_session::{DcFlags, PersistedSession};
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

const CALLS: &str = "SESSION_TEST_CALLS";
const PATH: &str = "SESSION_TEST_PATH";
const MARKS: &str = "SESSION_TEST_MARKS";

/// As the traced program: makes the calls, with a mark before and behind each.
fn make_calls<B: FileBackend>(calls: &[Call]) {
    let path = PathBuf::from(std::env::var_os(PATH).unwrap());
    let mut marks = fs::File::create(std::env::var_os(MARKS).unwrap()).unwrap();
    // Positions of files are followed from where they are set.
    std::io::Seek::rewind(&mut marks).unwrap();
    let mut backend = Some(B::at(&path));
    for (step, _) in calls {
        marks.write_all(b"call\n").unwrap();
        if let Step::Reopen = step {
            drop(backend.take());
            backend = Some(B::at(&path));
        }
        let made = step.make(backend.as_ref().unwrap());
        marks.write_all(if made.is_ok() { b"returned\n" } else { b"failed\n" }).unwrap();
    }
}

/// Whether this is the traced program, which has then made its calls.
pub(super) fn is_traced<B: FileBackend>(calls: &[Call]) -> bool {
    is_traced_in_part::<B>(&[calls])
}

/// The same where several programs come one after another, each with its part.
pub(super) fn is_traced_in_part<B: FileBackend>(parts: &[&[Call]]) -> bool {
    let part = std::env::var(CALLS).ok();
    let part = part.map(|part| part.parse::<usize>().expect("the number of a part"));
    if let Some(part) = part {
        make_calls::<B>(parts[part]);
    }
    part.is_some()
}

/// What a program does that makes the calls of this part, over these files.
pub(super) fn traced(test: &str, part: usize, before: &Image, fault: Option<Fault>) -> Vec<Event> {
    let (folder, beside) = (folder(), folder());
    let real = |folder: &tempfile::TempDir| folder.path().canonicalize().unwrap();
    let (folder_path, marks) = (real(&folder), real(&beside).join("marks"));
    for (name, bytes) in before {
        fs::write(folder_path.join(name), bytes).unwrap();
    }
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
    command.env(CALLS, part.to_string());
    command.env(PATH, folder_path.join(FILE)).env(MARKS, &marks);
    trace::run(&command, &folder_path, &marks, &beside.path().join("trace"), fault)
}

/// How many syncs there were of which files, in a call.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Syncs {
    pub(super) folder: usize,
    pub(super) log: usize,
    pub(super) database: usize,
    pub(super) other: usize,
}

/// A trace of the calls, gone through.
pub(super) struct Run {
    /// The files before the first call.
    pub(super) before: Image,
    pub(super) events: Vec<Event>,
    /// Of each call.
    pub(super) syncs: Vec<Syncs>,
}

pub(super) const FILE: &str = "sessions.db";
pub(super) const LOG: &str = "sessions.db-wal";

pub(super) fn run(test: &str, calls: &[Call], old: Option<&Golden>, fault: Option<Fault>) -> Run {
    let bytes = old.map(|golden| fs::read(&golden.path).unwrap());
    let before: Image = bytes.map(|bytes| (FILE.to_owned(), bytes)).into_iter().collect();
    let events = traced(test, 0, &before, fault);
    let mut syncs: Vec<Syncs> = Vec::new();
    for event in &events {
        match event {
            Event::Mark(mark) if mark == "call" => syncs.push(Syncs::default()),
            Event::SyncFolder => syncs.last_mut().unwrap().folder += 1,
            Event::Sync(name) => {
                let last = syncs.last_mut().unwrap();
                *match name.as_str() {
                    FILE => &mut last.database,
                    LOG => &mut last.log,
                    _ => &mut last.other,
                } += 1;
            }
            _ => {}
        }
    }
    assert_eq!(syncs.len(), calls.len(), "a mark for each call");
    Run { before, events, syncs }
}

/// Opens what a power cut left. What is stored must be one of `allowed`.
pub(super) fn check<B: FileBackend>(
    image: &Image,
    allowed: &[Option<PersistedSession>],
    what: &str,
    go_on: bool,
) {
    let folder = folder();
    for (name, bytes) in image {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let path = folder.path().join(FILE);
    let sizes: Vec<_> = image.iter().map(|(name, bytes)| (name, bytes.len())).collect();
    let loaded = B::at(&path).load().unwrap_or_else(|error| panic!("{what}: {error}; {sizes:?}"));
    let loaded = loaded.map(normal);
    let at = allowed.iter().position(|state| *state == loaded);
    assert!(at.is_some(), "{what}: a session that it must not be; {sizes:?} {}", short(&loaded));
    if !go_on {
        return;
    }
    let backend = B::at(&path);
    backend.update_dc(&dc(9, DcFlags::NONE, Some(77))).unwrap();
    let mut expected = loaded.unwrap_or_default();
    expected.dcs.push(dc(9, DcFlags::NONE, Some(77)));
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(expected)), "{what}, and goes on");
}

fn short(session: &Option<PersistedSession>) -> String {
    session.as_ref().map_or("none".into(), |session| {
        let PersistedSession { home_dc_id, dcs, updates_state, peers, .. } = session;
        format!(
            "home {home_dc_id}, {} DCs, pts {}, {} peers",
            dcs.len(),
            updates_state.pts,
            peers.len()
        )
    })
}
