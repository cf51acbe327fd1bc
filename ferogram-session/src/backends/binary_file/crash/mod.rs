//! Laws 4, 6 and 7 at every operation on a file: the process ends there, the
//! power is cut there, or the operation fails.
//!
//! `FEROGRAM_SESSION_CRASH_SEEDS` sets how many sequences of calls are tried.

mod alone;
mod every_damage;
mod failing;
mod history;
#[cfg(unix)]
mod linked;
mod mending;
mod stops;
mod unlocked;
mod unsettled;

use super::BinaryFileBackend;
use crate::SessionBackend;
use crate::backends::faults::{Fault, Image, Model, SESSION, Watch};
use crate::data::CachedPeer;
use history::{Stored, normal};
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

/// What was done, in numbers.
#[derive(Default, Debug)]
struct Tried {
    sequences: usize,
    calls: usize,
    stops: usize,
    power_cuts: usize,
    faults: usize,
    /// Calls that put a new file in the place of the old one.
    rewrites: usize,
    /// Of these, for a journal that was full.
    compactions: usize,
    /// The operations that something happened at.
    ops: BTreeSet<&'static str>,
}

impl Tried {
    /// Shows it. So much there must be of each for every seed, at each of these
    /// operations: a matrix that has shrunk proves nothing.
    fn is_enough(&self, seeds: u64, least: &Self) {
        println!("{self:?}");
        for (name, done, least) in [
            ("sequences", self.sequences, least.sequences),
            ("calls", self.calls, least.calls),
            ("stops", self.stops, least.stops),
            ("power cuts", self.power_cuts, least.power_cuts),
            ("faults", self.faults, least.faults),
            ("rewrites", self.rewrites, least.rewrites),
            ("compactions", self.compactions, least.compactions),
        ] {
            assert!(done >= least * seeds as usize, "{done} {name} for {seeds} seeds");
        }
        let missing: Vec<_> = least.ops.difference(&self.ops).collect();
        assert!(missing.is_empty(), "nothing happened at {missing:?}");
    }
}

/// What each way to fail is tried as. The first is one of every operation.
const FAULTS: [Fault; 9] = [
    Fault::Disk,
    Fault::Error(ErrorKind::StorageFull),
    Fault::Error(ErrorKind::Interrupted),
    Fault::Error(ErrorKind::PermissionDenied),
    Fault::Short,
    Fault::ShortAndDisk,
    Fault::ShortAndStop,
    Fault::Full,
    Fault::Stop,
];

/// Has each operation fail in each of its ways. `run` returns which one it was,
/// until there are no more.
fn at_every_operation(mut run: impl FnMut(usize, Fault) -> Option<&'static str>) {
    for at in 0.. {
        let mut op = None;
        for fault in FAULTS {
            if op.is_none_or(|op| fault.is_of(op)) {
                op = run(at, fault);
                if op.is_none() {
                    return;
                }
            }
        }
    }
}

/// What puts a file in the place of another.
const REPLACING: [&str; 5] = ["create", "write", "sync", "rename", "sync the folder"];

/// A user with an access hash.
pub(super) fn peer(id: i64) -> CachedPeer {
    CachedPeer {
        id,
        access_hash: 5,
        is_channel: false,
        is_chat: false,
        channel_kind: None,
        is_community: false,
    }
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        // In memory, where there is such a place: what a disk would hold is
        // the model's business.
        let memory = tempfile::tempdir_in("/dev/shm");
        Self(memory.or_else(|_| tempfile::tempdir()).unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn fill(&self, image: &Image) {
        for entry in fs::read_dir(self.path()).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
        for (name, bytes) in image {
            fs::write(self.path().join(name), bytes).unwrap();
        }
    }

    fn names(&self) -> Vec<String> {
        let name =
            |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
        fs::read_dir(self.path()).unwrap().map(name).collect()
    }

    fn open(&self) -> BinaryFileBackend {
        BinaryFileBackend::new(self.path().join(SESSION))
    }

    /// Nothing is written through to the disk meanwhile.
    fn quickly<T>(&self, call: impl FnOnce() -> T) -> T {
        Watch::new(self.path(), Model::default()).during(call).0
    }
}

/// Reopens what is left, and goes on from there.
fn check(
    folder: &Folder,
    image: &Image,
    allowed: &[&Stored],
    go_on: bool,
    what: &dyn Fn() -> String,
) -> Stored {
    folder.fill(image);
    let backend = folder.open();
    let loaded = match backend.load() {
        Ok(loaded) => loaded.map(normal),
        Err(error) => panic!("{}: {error}; files {:?}", what(), sizes(image)),
    };
    if !allowed.contains(&&loaded) {
        panic!("{}: {loaded:?} is none of {allowed:?}; files {:?}", what(), sizes(image));
    }
    if go_on {
        folder.quickly(|| {
            backend.set_home_dc(77).unwrap_or_else(|error| panic!("{}, then: {error}", what()));
            let mut expected = loaded.clone().unwrap_or_default();
            expected.home_dc_id = 77;
            assert!(folder.open().load().unwrap().map(normal) == Some(expected), "{}", what());
            let names = folder.names();
            assert!(!names.iter().any(|name| name.ends_with(".tmp")), "{}: {names:?}", what());
            folder.open().delete().unwrap();
            assert!(folder.open().load().unwrap().is_none(), "{}", what());
            assert_eq!(folder.names(), ["bot.session.lock"], "{}", what());
        });
    }
    loaded
}

fn sizes(image: &Image) -> Vec<(&str, usize)> {
    image.iter().map(|(name, bytes)| (name.as_str(), bytes.len())).collect()
}

fn image_of(folder: &Folder) -> Image {
    let read = |name: String| (name.clone(), fs::read(folder.path().join(&name)).unwrap());
    folder.names().into_iter().map(read).collect()
}

fn seeds(unless_set: u64) -> u64 {
    let set = std::env::var("FEROGRAM_SESSION_CRASH_SEEDS").ok();
    set.map_or(unless_set, |count| count.parse().expect("a number"))
}
