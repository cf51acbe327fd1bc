//! Where and when it was measured.

use crate::here::{commit, date, processor, said, unknown};
use crate::programs::Programs;
use crate::results::Place;
use std::path::Path;

pub(crate) struct Machine {
    pub(crate) date: String,
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) kernel: String,
    pub(crate) disk: String,
    pub(crate) memory: String,
    pub(crate) rustc: String,
    pub(crate) commit: String,
    /// Load over a minute before anything was started.
    pub(crate) load: String,
    pub(crate) command: String,
}

impl Machine {
    pub(crate) fn look(programs: &Programs) -> Self {
        let place = |place| {
            let folder = programs.folder(place);
            // A run that is the first has none yet.
            let _ = std::fs::create_dir_all(&folder);
            file_system(&folder)
        };
        let arguments = std::env::args().skip(1).map(|argument| format!(" {argument}"));
        Self {
            date: date(),
            processor: processor(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            kernel: said("uname", &["-srm"]),
            disk: place(Place::Disk),
            memory: place(Place::Memory),
            rustc: said("rustc", &["--version"]),
            commit: commit(&programs.benches),
            load: load(),
            command: format!("benches/run{}", arguments.collect::<String>()),
        }
    }
}

fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().filter(|load| !load.is_empty()).map_or_else(unknown, str::to_owned)
}

/// The kind of the innermost file system that the folder is in.
fn file_system(folder: &Path) -> String {
    let mounts = std::fs::read_to_string("/proc/mounts").unwrap_or_default();
    let mut best = (0, unknown());
    for mount in mounts.lines() {
        let mut fields = mount.split(' ').skip(1);
        let (Some(at), Some(kind)) = (fields.next(), fields.next()) else { continue };
        if folder.starts_with(at) && at.len() >= best.0 {
            best = (at.len(), kind.to_owned());
        }
    }
    best.1
}
