//! How each thing is compared with its bar.

use super::{Check, Checks, FLAT, STARTUP, a_day, what, what_at};
use crate::format::{self, count, three};
use crate::instructions::Instructions;
use crate::limits::{self, Reason};
use crate::programs::{BEYOND, SIZES};
use crate::results::{Cost, Place, Side};

impl Checks<'_> {
    /// In memory, where ours and 0.6.6 do the same: on a disk, ours waits for it
    /// where a login changes.
    pub(super) fn faster(&mut self, name: &str, bar: f64) {
        self.faster_at(Place::Memory, name, &SIZES, bar);
    }

    pub(super) fn faster_at(&mut self, place: Place, name: &str, sizes: &[usize], bar: f64) {
        for &size in sizes {
            let what = what_at(place, name);
            let bar_text = format!("at least {bar} x");
            let cost = |side| self.results.cost(side, place, name, size);
            let (Some(released), Some(ours)) = (cost(Side::Released), cost(Side::Ours)) else {
                self.missing(what, count(size), Some(size), bar_text);
                continue;
            };
            let factor = released.nanoseconds / ours.nanoseconds;
            let limit = limits::of_factor(self.results, place, name, size, bar);
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
        self.push(what, peers, [none(), none(), none()], bar, f64::INFINITY);
        if let Some(check) = self.list.last_mut() {
            check.factor_at = factor_at;
        }
    }

    fn push(
        &mut self,
        what: String,
        peers: String,
        [released, ours, comes_to]: [String; 3],
        bar: String,
        over: f64,
    ) {
        let (holds, factor_at, limit) = (over <= 1.0, None, None);
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

    /// Of what was pushed last, which takes so long.
    fn explain(&mut self, reason: impl FnOnce(&str) -> Option<Reason>) {
        if let Some(check) = self.list.last_mut().filter(|check| !check.holds) {
            check.limit = reason(&check.what);
        }
    }

    /// From the smallest session to the largest that each of them holds.
    pub(super) fn flat(&mut self, name: &str) {
        let bar = format!("flat: at most {FLAT} x");
        let cost = |side, size| self.results.cost(side, Place::Memory, name, size);
        let growth =
            |side, to| Some(cost(side, to)?.nanoseconds / cost(side, SIZES[0])?.nanoseconds);
        let peers = format!("0 to {}", count(BEYOND));
        let (Some(released), Some(ours), Some(largest)) =
            (growth(Side::Released, 60_000), growth(Side::Ours, BEYOND), cost(Side::Ours, BEYOND))
        else {
            return self.missing(what(name), peers, None, bar);
        };
        let grows = [
            format!("grows {} x up to 60,000", three(released)),
            format!("grows {} x", three(ours)),
            String::new(),
        ];
        let over = ours / FLAT;
        self.push(what(name), peers, grows, bar, over);
        self.explain(|what| limits::of_other(what, largest.nanoseconds, over));
    }

    /// Beyond what 0.6.6 holds: for each peer, compared with the largest session that
    /// it does hold.
    pub(super) fn linear(&mut self, name: &str) {
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

    pub(super) fn writes(&mut self, name: &str, sizes: &[usize], most: u64) {
        for &size in sizes {
            let bar = match most {
                0 => "writes nothing".to_owned(),
                _ => format!("writes at most {}", format::bytes(most as f64)),
            };
            let cost = |side| self.results.cost(side, Place::Memory, name, size);
            let both = cost(Side::Released).zip(cost(Side::Ours));
            let counted = |(released, ours): &(Cost, Cost)| match most {
                0 => self.counts_bytes(name, size),
                _ => released.bytes > 0 && ours.bytes > 0,
            };
            let Some((released, ours)) = both.filter(counted) else {
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

    /// Whether bytes were counted at all where this was measured: a save that changes
    /// something writes.
    fn counts_bytes(&self, name: &str, size: usize) -> bool {
        let backend = name.split('/').next().unwrap_or(name);
        let save = format!("{backend}/save, 10 peers changed");
        [Side::Released, Side::Ours].into_iter().all(|side| {
            let cost = self.results.cost(side, Place::Memory, &save, size);
            cost.is_some_and(|cost| cost.bytes > 0)
        })
    }

    pub(super) fn startup(&mut self, name: &str) {
        let bar = "less than 5 ms".to_owned();
        let Some(ours) = self.results.cost(Side::Ours, Place::Memory, name, BEYOND) else {
            return self.missing(what(name), count(BEYOND), None, bar);
        };
        let times =
            ["loads none of them".to_owned(), format::time(ours.nanoseconds), String::new()];
        let (takes, over) = (ours.nanoseconds, ours.nanoseconds / STARTUP);
        self.push(what(name), count(BEYOND), times, bar, over);
        let results = self.results;
        self.explain(|what| {
            let of_start = limits::of_start(results, BEYOND, takes, STARTUP);
            of_start.or_else(|| limits::of_other(what, takes, over))
        });
    }

    /// Buffers of bytes alone: records, which it makes of them, are no copy.
    pub(super) fn loading(&mut self, size: usize) {
        let what = "file: buffers of bytes while loading".to_owned();
        let bar = "one copy of the file".to_owned();
        let value = |side, name: &str| {
            let value = self.results.value(side, Place::Memory, name, size);
            value.filter(|value| *value > 0)
        };
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

    pub(super) fn day(&mut self, backend: &str, most: f64) {
        let what = format!("{backend}: written by a busy bot in a day");
        let bar = format!("at most {}", format::bytes(most));
        let written = |side| a_day(self.results, side, backend).filter(|bytes| *bytes > 0.0);
        let (Some(released), Some(ours)) = (written(Side::Released), written(Side::Ours)) else {
            return self.missing(what, count(60_000), None, bar);
        };
        let written = [
            format::bytes(released),
            format::bytes(ours),
            format!("{} x less", three(released / ours)),
        ];
        self.push(what, count(60_000), written, bar, ours / most);
    }

    pub(super) fn held(&mut self, name: &str) {
        let what = format!("{name}: memory held between calls");
        let bar = "at most 2 x the session".to_owned();
        let value = |side, what: &str| {
            let value = self.results.value(side, Place::Memory, &format!("held/{what}"), 60_000);
            value.filter(|value| *value > 0)
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

    pub(super) fn derive(&mut self, counted: &Instructions) {
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
