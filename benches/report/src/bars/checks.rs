//! How each thing is compared with its bar.

use super::{Check, Checks, FLAT, STARTUP, what, what_at};
use crate::format::{self, count, three};
use crate::instructions::Instructions;
use crate::limits::{self, Reason};
use crate::programs::{BEYOND, SIZES};
use crate::results::{Place, Side};

/// What 0.6.6 makes of the largest session.
const WRAPPED: &str = "its 16-bit count wraps: reads 3,392";

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
            let rounds = self.results.spread(place, name, size);
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
                by_chance: rounds.filter(|(least, most)| *least < bar && *most >= bar),
                limit,
            });
        }
    }

    /// What was not measured does not hold.
    pub(super) fn missing(
        &mut self,
        what: String,
        peers: String,
        factor_at: Option<usize>,
        bar: String,
    ) {
        let none = || "not measured".to_owned();
        self.push(what, peers, [none(), none(), none()], bar, f64::INFINITY);
        if let Some(check) = self.list.last_mut() {
            check.factor_at = factor_at;
        }
    }

    pub(super) fn push(
        &mut self,
        what: String,
        peers: String,
        [released, ours, comes_to]: [String; 3],
        bar: String,
        over: f64,
    ) {
        let (holds, factor_at, by_chance, limit) = (over <= 1.0, None, None, None);
        self.list.push(Check {
            what,
            factor_at,
            peers,
            released,
            ours,
            comes_to,
            bar,
            holds,
            by_chance,
            limit,
        });
    }

    /// Of what was pushed last, which takes so long.
    fn explain(&mut self, reason: impl FnOnce(&str) -> Option<Reason>) {
        if let Some(check) = self.list.last_mut().filter(|check| !check.holds) {
            check.limit = reason(&check.what);
        }
    }

    /// The largest of all sizes but none, over the smallest of all: one that was
    /// disturbed is not to hide what grows. The empty session has the most room for that.
    pub(super) fn flat(&mut self, name: &str) {
        let bar = format!("flat: the most from 1,000 up at most {FLAT} x the least of all");
        let grows = |side, sizes: &[usize]| {
            let cost = |size: &usize| {
                Some(self.results.cost(side, Place::Memory, name, *size)?.nanoseconds)
            };
            let costs = sizes.iter().map(cost).collect::<Option<Vec<f64>>>()?;
            let least = costs.iter().copied().reduce(f64::min)?;
            let most = costs.into_iter().skip(1).reduce(f64::max)?;
            Some((most / least, most))
        };
        let peers = format!("0 to {}", count(BEYOND));
        let all: Vec<usize> = SIZES.into_iter().chain([BEYOND]).collect();
        let (Some((released, _)), Some((ours, most))) =
            (grows(Side::Released, &SIZES), grows(Side::Ours, &all))
        else {
            return self.missing(what(name), peers, None, bar);
        };
        let columns = [
            format!("grows {} x up to 60,000", three(released)),
            format!("grows {} x", three(ours)),
            String::new(),
        ];
        let over = ours / FLAT;
        self.push(what(name), peers, columns, bar, over);
        self.explain(|what| limits::of_other(what, most, over));
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

    pub(super) fn startup(&mut self, place: Place, name: &str) {
        let bar = "less than 5 ms".to_owned();
        let Some(ours) = self.results.cost(Side::Ours, place, name, BEYOND) else {
            return self.missing(what_at(place, name), count(BEYOND), None, bar);
        };
        let times = [WRAPPED.to_owned(), format::time(ours.nanoseconds), String::new()];
        let (takes, over) = (ours.nanoseconds, ours.nanoseconds / STARTUP);
        self.push(what_at(place, name), count(BEYOND), times, bar, over);
        let results = self.results;
        self.explain(|what| {
            let in_new_process = name.contains("in a new process");
            let start = || limits::of_start(results, BEYOND, takes, STARTUP);
            let of_start = in_new_process.then(start).flatten();
            of_start.or_else(|| limits::of_other(what, takes, over))
        });
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
