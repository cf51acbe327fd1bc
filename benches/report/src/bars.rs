//! What has to hold.

mod bytes;
mod checks;
mod network;
#[cfg(test)]
mod tests;

use crate::instructions::Instructions;
use crate::limits::Reason;
use crate::network::Network;
use crate::programs::{BEYOND, MINUTES_OF_A_DAY, SIZES};
use crate::results::{Place, Results, Side};

/// One thing that is compared with its bar.
pub(crate) struct Check {
    pub(crate) what: String,
    /// Of a factor: the number of peers.
    pub(crate) factor_at: Option<usize>,
    pub(crate) peers: String,
    pub(crate) released: String,
    pub(crate) ours: String,
    pub(crate) comes_to: String,
    pub(crate) bar: String,
    pub(crate) holds: bool,
    /// Of a factor whose verdict differs between rounds: the least and the most.
    pub(crate) by_chance: Option<(f64, f64)>,
    /// Of one that does not hold: why.
    pub(crate) limit: Option<Reason>,
}

/// As fast as before, give or take what a measurement is off by.
const PARITY: f64 = 0.9;
/// Costs the same, whatever the size: caches of the processor make a
/// difference, lists that are searched make a factor of 60.
const FLAT: f64 = 2.0;
/// Nanoseconds in which 200,000 peers are to be there.
const STARTUP: f64 = 5e6;

struct Checks<'a> {
    results: &'a Results,
    list: Vec<Check>,
}

pub(crate) fn check(
    results: &Results,
    instructions: &[Instructions],
    networks: &[Network],
) -> Vec<Check> {
    let mut checks = Checks { results, list: Vec::new() };
    checks.in_memory();
    checks.file();
    checks.sqlite();
    for backend in ["file", "sqlite"] {
        for call in ["save, nothing changed", "granular calls, nothing changed"] {
            checks.writes(&format!("{backend}/{call}"), 0);
        }
    }
    checks.day("file", 10e6);
    checks.day("sqlite", 100e6);
    for name in ["memory", "string", "string, after current()", "file", "sqlite", "libsql"] {
        checks.held(name);
    }
    for mode in ["blob", "key-value", "rows"] {
        checks.held(&format!("a cache, {mode}"));
    }
    instructions.iter().for_each(|counted| checks.derive(counted));
    networks.iter().for_each(|network| checks.network(network));
    checks.list
}

/// Calls that change one record, counters first.
const GRANULAR: [&str; 5] = ["pts, date, seq", "qts", "pts of a channel", "a peer", "a new peer"];
const COUNTERS: usize = 3;
const AFTER_A_SAVE: [&str; 2] = ["pts after a save", "a peer after a save"];

/// Of a file, and how many times as fast as in 0.6.6.
const SAVES: [(&str, f64); 3] = [
    ("save, 10 peers changed", 8.0),
    ("save, 10 peers changed, in the order of a new start", 8.0),
    ("save, 10 peers changed, in another order", 4.0),
];

/// Of the largest session, whose file is 4 MB.
const STARTS: [&str; 4] = [
    "start in a new process",
    "start in a new process, with a long journal",
    "load",
    "start: open, load",
];

impl Checks<'_> {
    fn in_memory(&mut self) {
        for name in ["native/encode", "native/decode"] {
            self.faster(name, 0.8);
            self.linear(name);
        }
        for name in ["memory/save, 10 peers changed", "memory/load"] {
            self.faster(name, PARITY);
        }
        for name in ["memory/pts of a channel", "memory/a peer"] {
            self.faster(name, 5.0);
            self.flat(name);
        }
        self.faster("memory/a new peer", 5.0);
        let logins = ["salt of a DC", "new key of a DC", "home DC"];
        for call in GRANULAR.into_iter().chain(logins) {
            self.faster(&format!("string/{call}"), 500.0);
        }
        for call in AFTER_A_SAVE {
            self.faster(&format!("string/{call}"), 500.0);
        }
        self.faster("string/save, 10 peers changed", 5.0);
        // 0.6.6 makes the string in each call, ours when it is asked for.
        for call in ["load", "start: from a string, load", "save, then current()"] {
            self.faster(&format!("string/{call}"), PARITY);
        }
    }

    fn file(&mut self) {
        for call in GRANULAR.into_iter().chain(AFTER_A_SAVE) {
            let name = format!("file/{call}");
            self.faster_at(Place::Memory, &name, &SIZES[..3], 30.0);
            self.faster_at(Place::Memory, &name, &SIZES[3..], 200.0);
            self.writes(&name, 64);
        }
        for call in GRANULAR {
            self.flat(&format!("file/{call}"));
        }
        // On a disk too: neither side waits for it in these.
        for place in [Place::Memory, Place::Disk] {
            for (call, bar) in SAVES {
                self.faster_at(place, &format!("file/{call}"), &SIZES, bar);
            }
        }
        for (call, _) in SAVES {
            self.writes(&format!("file/{call}"), 1_024);
        }
        for place in [Place::Memory, Place::Disk] {
            for call in STARTS {
                self.startup(place, &format!("file/{call}"));
            }
        }
        for size in [20_000, 60_000, BEYOND] {
            self.loading(size);
        }
    }

    fn sqlite(&mut self) {
        for call in &GRANULAR[..COUNTERS] {
            self.faster(&format!("sqlite/{call}"), 1.25);
        }
        for call in &GRANULAR[COUNTERS..] {
            self.faster(&format!("sqlite/{call}"), PARITY);
        }
        self.faster("sqlite/save, 10 peers changed", 30.0);
        self.faster("sqlite/first save", 3.0);
        self.faster("sqlite/start: open, load", 1.3);
        self.faster("sqlite/load", 1.3);
    }
}

/// Bytes that a day writes.
pub(crate) fn a_day(results: &Results, side: Side, backend: &str) -> Option<f64> {
    let value =
        |what: &str| results.value(side, Place::Disk, &format!("day/{backend}/{what}"), 60_000);
    let minutes = value("minutes")?;
    Some(value("bytes")? as f64 * f64::from(MINUTES_OF_A_DAY) / minutes as f64)
}

pub(crate) fn what(name: &str) -> String {
    name.replacen('/', ": ", 1)
}

pub(crate) fn what_at(place: Place, name: &str) -> String {
    match place {
        Place::Memory => what(name),
        Place::Disk => name.replacen('/', ", on a disk: ", 1),
    }
}
