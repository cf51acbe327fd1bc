//! What is written, and what is held.

use super::{Checks, a_day, what};
use crate::format::{self, count, three};
use crate::programs::{BEYOND, SIZES};
use crate::results::{Cost, Place, Side};

impl Checks<'_> {
    /// At each size; beyond what 0.6.6 holds, ours alone.
    pub(super) fn writes(&mut self, name: &str, most: u64) {
        let bar = match most {
            0 => "writes nothing".to_owned(),
            _ => format!("writes at most {}", format::bytes(most as f64)),
        };
        for size in SIZES.into_iter().chain([BEYOND]) {
            let cost = |side| self.results.cost(side, Place::Memory, name, size);
            let counted = |cost: &Cost| match most {
                0 => true,
                _ => cost.bytes > 0,
            };
            let ours = cost(Side::Ours).filter(counted);
            let released = cost(Side::Released).filter(counted);
            let all = released.is_some() || size == BEYOND;
            let counts = all && (most > 0 || self.counts_bytes(name, size));
            let Some(ours) = ours.filter(|_| counts) else {
                self.missing(what(name), count(size), None, bar.clone());
                continue;
            };
            let written = [
                released.map_or_else(|| "-".to_owned(), |cost| format::bytes(cost.bytes as f64)),
                format::bytes(ours.bytes as f64),
                format!("{} writes", ours.writes),
            ];
            // Nothing is nothing.
            let over =
                if most == 0 { 2.0 * ours.bytes as f64 } else { ours.bytes as f64 / most as f64 };
            self.push(what(name), count(size), written, bar.clone(), over);
        }
    }

    /// Whether bytes were counted at all where this was measured: a save that changes
    /// something writes.
    fn counts_bytes(&self, name: &str, size: usize) -> bool {
        let backend = name.split('/').next().unwrap_or(name);
        let save = format!("{backend}/save, 10 peers changed");
        let sides = [Side::Ours, Side::Released].into_iter();
        sides.take(if size == BEYOND { 1 } else { 2 }).all(|side| {
            let cost = self.results.cost(side, Place::Memory, &save, size);
            cost.is_some_and(|cost| cost.bytes > 0)
        })
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
            return self.missing(what, count(62_000), None, bar);
        };
        let factor = ours as f64 / session as f64;
        let released = value(Side::Released, name);
        let held = [
            released.map_or_else(|| "-".to_owned(), |n| format::bytes(n as f64)),
            format::bytes(ours as f64),
            format!("{} x the session", three(factor)),
        ];
        // With the new peers.
        self.push(what, count(62_000), held, bar, factor / 2.0);
    }
}
