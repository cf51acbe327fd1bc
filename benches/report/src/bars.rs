//! What has to hold.

use crate::format::{self, count, three};
use crate::instructions::Instructions;
use crate::limits::{Limits, Reason};
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
    /// Of one that does not hold: why.
    pub(crate) limit: Option<Reason>,
}

/// As fast as before, give or take what a measurement is off by.
const PARITY: f64 = 0.9;
/// Costs the same, whatever the size: caches of the processor make a
/// difference, lists that are searched make a factor of 60.
const FLAT: f64 = 2.0;
const LARGE: [usize; 2] = [20_000, 60_000];
/// Nanoseconds in which 200,000 peers are to be there.
const STARTUP: f64 = 5e6;

struct Checks<'a> {
    results: &'a Results,
    limits: Limits,
    list: Vec<Check>,
}

pub(crate) fn check(results: &Results, instructions: &[Instructions]) -> Vec<Check> {
    let mut checks = Checks { results, limits: Limits, list: Vec::new() };
    checks.in_memory();
    checks.file();
    checks.sqlite();
    for backend in ["file", "sqlite"] {
        for call in ["save, nothing changed", "granular calls, nothing changed"] {
            checks.writes(&format!("{backend}/{call}"), &SIZES, 0);
        }
    }
    checks.day("file", 10e6);
    checks.day("sqlite", 100e6);
    for name in ["memory", "string", "file", "sqlite", "libsql"] {
        checks.held(name);
    }
    for mode in ["blob", "key-value", "rows"] {
        checks.held(&format!("a cache, {mode}"));
    }
    instructions.iter().for_each(|counted| checks.derive(counted));
    checks.list
}

/// The calls that change one record.
const GRANULAR: [&str; 5] = ["pts, date, seq", "qts", "pts of a channel", "a peer", "salt of a DC"];

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
        for call in GRANULAR.into_iter().chain(["new key of a DC", "home DC"]) {
            self.faster(&format!("string/{call}"), 500.0);
        }
        for call in ["pts after a save", "a peer after a save"] {
            self.faster(&format!("string/{call}"), 500.0);
        }
        self.faster("string/save, 10 peers changed", 5.0);
        self.faster("string/load", PARITY);
    }

    fn file(&mut self) {
        for call in &GRANULAR[..4] {
            let name = format!("file/{call}");
            self.faster_at(&name, &SIZES[..3], 30.0);
            self.faster_at(&name, &SIZES[3..], 200.0);
            self.writes(&name, &LARGE, 64);
            self.flat(&name);
        }
        self.faster("file/save, 10 peers changed", 8.0);
        self.faster("file/save, 10 peers changed, in the order of a new start", 8.0);
        self.faster("file/save, 10 peers changed, in another order", 4.0);
        for call in ["save, 10 peers changed", "save, 10 peers changed, in another order"] {
            self.writes(&format!("file/{call}"), &LARGE, 1_024);
        }
        self.startup("file/start in a new process");
        self.startup("file/start in a new process, with a long journal");
        for size in [20_000, 60_000, BEYOND] {
            self.loading(size);
        }
    }

    fn sqlite(&mut self) {
        for call in &GRANULAR[..3] {
            self.faster(&format!("sqlite/{call}"), 1.25);
        }
        self.faster("sqlite/a peer", PARITY);
        self.faster("sqlite/save, 10 peers changed", 30.0);
        self.faster("sqlite/first save", 3.0);
        self.faster("sqlite/start: open, load", 1.3);
        self.faster("sqlite/load", 1.3);
    }

    /// In memory, where ours and 0.6.6 do the same: on a disk, ours waits for it
    /// where a login changes.
    fn faster(&mut self, name: &str, bar: f64) {
        self.faster_at(name, &SIZES, bar);
    }

    fn faster_at(&mut self, name: &str, sizes: &[usize], bar: f64) {
        for &size in sizes {
            let what = what(name);
            let bar_text = format!("at least {bar} x");
            let cost = |side| self.results.cost(side, Place::Memory, name, size);
            let (Some(released), Some(ours)) = (cost(Side::Released), cost(Side::Ours)) else {
                self.missing(what, count(size), Some(size), bar_text);
                continue;
            };
            let factor = released.nanoseconds / ours.nanoseconds;
            let limit = self.limits.of_factor(self.results, &what, size, factor, bar);
            self.list.push(Check {
                what,
                factor_at: Some(size),
                peers: count(size),
                released: format::time(released.nanoseconds),
                ours: format::time(ours.nanoseconds),
                comes_to: format!("{} x", three(factor)),
                bar: bar_text,
                holds: factor >= bar,
                limit,
            });
        }
    }

    /// What was not measured does not hold.
    fn missing(&mut self, what: String, peers: String, factor_at: Option<usize>, bar: String) {
        let none = || "not measured".to_owned();
        let (released, ours, comes_to) = (none(), none(), none());
        let (holds, limit) = (false, None);
        self.list.push(Check {
            what,
            factor_at,
            peers,
            released,
            ours,
            comes_to,
            bar,
            holds,
            limit,
        });
    }

    fn push(
        &mut self,
        what: String,
        peers: String,
        [released, ours, comes_to]: [String; 3],
        bar: String,
        over: f64,
    ) {
        let holds = over <= 1.0;
        let limit = self.limits.of_other(&what, over);
        let factor_at = None;
        self.list.push(Check {
            what,
            factor_at,
            peers,
            released,
            ours,
            comes_to,
            bar,
            holds,
            limit,
        });
    }

    /// From the smallest session to the largest that each of them holds.
    fn flat(&mut self, name: &str) {
        let bar = format!("flat: at most {FLAT} x");
        let cost = |side, size| self.results.cost(side, Place::Memory, name, size);
        let growth =
            |side, to| Some(cost(side, to)?.nanoseconds / cost(side, SIZES[0])?.nanoseconds);
        let peers = format!("0 to {}", count(BEYOND));
        let (Some(released), Some(ours)) =
            (growth(Side::Released, 60_000), growth(Side::Ours, BEYOND))
        else {
            return self.missing(what(name), peers, None, bar);
        };
        let grows = [
            format!("grows {} x up to 60,000", three(released)),
            format!("grows {} x", three(ours)),
            String::new(),
        ];
        self.push(what(name), peers, grows, bar, ours / FLAT);
    }

    /// Beyond what 0.6.6 holds: for each peer, compared with the largest session that
    /// it does hold.
    fn linear(&mut self, name: &str) {
        let largest = SIZES[SIZES.len() - 1];
        let bar = format!("for each peer at most {FLAT} x");
        let peers = format!("{} to {}", count(largest), count(BEYOND));
        let cost = |size| self.results.cost(Side::Ours, Place::Memory, name, size);
        let (Some(few), Some(many)) = (cost(largest), cost(BEYOND)) else {
            return self.missing(what(name), peers, None, bar);
        };
        let (few, many) = (few.nanoseconds, many.nanoseconds);
        let grows = many / few / (BEYOND as f64 / largest as f64);
        let ours = format!("{}, {}", format::time(few), format::time(many));
        let columns = ["wraps".to_owned(), ours, format!("{} x for each", three(grows))];
        self.push(what(name), peers, columns, bar, grows / FLAT);
    }

    fn writes(&mut self, name: &str, sizes: &[usize], most: u64) {
        for &size in sizes {
            let bar = match most {
                0 => "writes nothing".to_owned(),
                _ => format!("writes at most {}", format::bytes(most as f64)),
            };
            let cost = |side| self.results.cost(side, Place::Memory, name, size);
            let (Some(released), Some(ours)) = (cost(Side::Released), cost(Side::Ours)) else {
                self.missing(what(name), count(size), None, bar);
                continue;
            };
            let written = [
                format::bytes(released.bytes as f64),
                format::bytes(ours.bytes as f64),
                format!("{} writes", ours.writes),
            ];
            // Nothing is nothing.
            let over =
                if most == 0 { 2.0 * ours.bytes as f64 } else { ours.bytes as f64 / most as f64 };
            self.push(what(name), count(size), written, bar, over);
        }
    }

    fn startup(&mut self, name: &str) {
        let bar = "less than 5 ms".to_owned();
        let Some(ours) = self.results.cost(Side::Ours, Place::Memory, name, BEYOND) else {
            return self.missing(what(name), count(BEYOND), None, bar);
        };
        let times =
            ["loads none of them".to_owned(), format::time(ours.nanoseconds), String::new()];
        self.push(what(name), count(BEYOND), times, bar, ours.nanoseconds / STARTUP);
        if let Some(check) = self.list.last_mut().filter(|check| !check.holds) {
            let limit = self.limits.of_start(self.results, BEYOND, ours.nanoseconds, STARTUP);
            check.limit = limit.or(check.limit);
        }
    }

    /// Buffers of bytes alone: records, which it makes of them, are no copy.
    fn loading(&mut self, size: usize) {
        let what = "file: buffers of bytes while loading".to_owned();
        let bar = "one copy of the file".to_owned();
        let value = |side, name: &str| self.results.value(side, Place::Memory, name, size);
        let name = "file/memory while loading, bytes";
        let (Some(bytes), Some(length), Some(all)) = (
            value(Side::Ours, name),
            value(Side::Ours, "file/length of the file"),
            value(Side::Ours, "file/memory while loading, in all"),
        ) else {
            return self.missing(what, count(size), None, bar);
        };
        let copies = bytes as f64 / length as f64;
        let used = [
            value(Side::Released, name).map_or_else(|| "-".to_owned(), |n| format::bytes(n as f64)),
            format!(
                "{} (of {} above what was held before)",
                format::bytes(bytes as f64),
                format::bytes(all as f64)
            ),
            format!("{} of the file", three(copies)),
        ];
        self.push(what, count(size), used, bar, copies / 1.05);
    }

    fn day(&mut self, backend: &str, most: f64) {
        let what = format!("{backend}: written by a busy bot in a day");
        let bar = format!("at most {}", format::bytes(most));
        let (Some(released), Some(ours)) = (
            a_day(self.results, Side::Released, backend),
            a_day(self.results, Side::Ours, backend),
        ) else {
            return self.missing(what, count(60_000), None, bar);
        };
        let written = [
            format::bytes(released),
            format::bytes(ours),
            format!("{} x less", three(released / ours)),
        ];
        self.push(what, count(60_000), written, bar, ours / most);
    }

    fn held(&mut self, name: &str) {
        let what = format!("{name}: memory held between calls");
        let bar = "at most 2 x the session".to_owned();
        let value = |side, what: &str| {
            self.results.value(side, Place::Memory, &format!("held/{what}"), 60_000)
        };
        let (Some(session), Some(ours)) =
            (value(Side::Ours, "the session itself"), value(Side::Ours, name))
        else {
            return self.missing(what, count(60_000), None, bar);
        };
        let factor = ours as f64 / session as f64;
        let released = value(Side::Released, name);
        let held = [
            released.map_or_else(|| "-".to_owned(), |n| format::bytes(n as f64)),
            format::bytes(ours as f64),
            format!("{} x the session", three(factor)),
        ];
        self.push(what, count(60_000), held, bar, factor / 2.0);
    }

    fn derive(&mut self, counted: &Instructions) {
        let off = counted.derived / counted.by_hand - 1.0;
        let instructions = [
            format!("{:.0} instructions by hand", counted.by_hand),
            format!("{:.0} derived", counted.derived),
            format!("{:+.2} %", off * 100.0),
        ];
        let what = format!("the derive, {}, against the same by hand", counted.mode);
        self.push(what, "-".to_owned(), instructions, "within 1 %".to_owned(), off.abs() / 0.01);
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
