//! Where and when it was measured.

use crate::here::{commit, date, processor, said, unknown};
use crate::programs::Programs;
use crate::results::Place;
use std::path::Path;

/// In which `benches/run` hands over the load: building this program makes one, too.
const LOAD: &str = "LOAD_BEFORE";

pub(crate) struct Machine {
    pub(crate) date: String,
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) kernel: String,
    pub(crate) disk: String,
    pub(crate) memory: String,
    pub(crate) rustc: String,
    pub(crate) commit: String,
    /// Load over a minute before anything was built or started.
    pub(crate) load: String,
    /// The share of its time that the processor worked for other machines, over the whole
    /// run: known at its end.
    pub(crate) steal: String,
    pub(crate) command: String,
}

impl Machine {
    pub(crate) fn look(programs: &Programs, before: &Before) -> Self {
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
            load: before.load.clone(),
            steal: unknown(),
            command: format!("benches/run{}", arguments.collect::<String>()),
        }
    }
}

/// What has to be read before anything else is done.
pub(crate) struct Before {
    load: String,
    ticks: Option<Ticks>,
}

impl Before {
    pub(crate) fn look() -> Self {
        let load = std::env::var(LOAD).or_else(|_| std::fs::read_to_string("/proc/loadavg"));
        let load = load.unwrap_or_default();
        let load = load.split_whitespace().next().map_or_else(unknown, str::to_owned);
        Self { load, ticks: Ticks::now() }
    }

    /// What was stolen from then on.
    pub(crate) fn steal(&self) -> String {
        self.ticks.and_then(|before| before.stolen(Ticks::now()?)).unwrap_or_else(unknown)
    }
}

/// Of all processors, since the machine was started.
#[derive(Clone, Copy)]
struct Ticks {
    stolen: u64,
    all: u64,
}

impl Ticks {
    fn now() -> Option<Self> {
        Self::of(&std::fs::read_to_string("/proc/stat").ok()?)
    }

    fn of(stat: &str) -> Option<Self> {
        let numbers = stat.lines().next()?.strip_prefix("cpu ")?.split_whitespace();
        // user, nice, system, idle, iowait, irq, softirq, steal; what guests take is in
        // the first two.
        let ticks: Vec<u64> = numbers.take(8).map(str::parse).collect::<Result<_, _>>().ok()?;
        Some(Self { stolen: *ticks.get(7)?, all: ticks.iter().sum() })
    }

    fn stolen(self, after: Self) -> Option<String> {
        let all = after.all.checked_sub(self.all).filter(|all| *all > 0)?;
        let stolen = after.stolen.checked_sub(self.stolen)?;
        Some(format!("{:.1} %", 100.0 * stolen as f64 / all as f64))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stolen_is_a_share_of_all_time() {
        let ticks = |line: &str| Ticks::of(line);
        let before = ticks("cpu  10 0 10 70 5 1 4 100 7 0\ncpu0 1 2 3\n").expect("is a line");
        assert_eq!((before.stolen, before.all), (100, 200));
        let after = ticks("cpu  40 0 40 120 5 1 4 190 9 0\n").expect("is a line");
        assert_eq!(before.stolen(after).as_deref(), Some("45.0 %"));
        assert_eq!(before.stolen(before), None);
        assert_eq!(after.stolen(before), None);
        // A kernel that does not count it.
        assert!(ticks("cpu  10 0 10 70 5 1 4\n").is_none());
        assert!(ticks("").is_none());
    }
}
