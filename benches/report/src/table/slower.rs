//! What takes longer than in 0.6.6, and why.

use super::{ZipTime, pair};
use crate::bars::what_at;
use crate::format::{count, three, time};
use crate::limits::{FEW, Reach, slower as why_slower};
use crate::programs::SIZES;
use crate::results::{Place, Results, Side};
use std::fmt::Write;

/// What got slower, bar or not.
const SLOWER: f64 = 0.9;
const NOT_LOOKED_INTO: &str = "Not looked into yet.";

/// A call that got slower, with few peers or with many.
struct Slow {
    peers: &'static str,
    reason: Option<(&'static str, Reach)>,
}

/// Those that got slower, and nobody said why.
pub(crate) fn unexplained(results: &Results) -> Vec<String> {
    let mut found = Vec::new();
    for place in [Place::Memory, Place::Disk] {
        for name in results.names() {
            let slow = slow(results, place, name);
            for Slow { peers, .. } in slow.iter().filter(|slow| slow.reason.is_none()) {
                found.push(format!("{}, with {peers} peers", what_at(place, name)));
            }
        }
    }
    found
}

/// Where it is the slowest of few and of many, which have a ceiling each.
fn slow(results: &Results, place: Place, name: &str) -> Vec<Slow> {
    let of = |peers, are: fn(&usize) -> bool| {
        let factors = SIZES.into_iter().filter(are);
        let factors = factors.filter_map(|size| Some((results.factor(place, name, size)?, size)));
        let (factor, size) = factors.reduce(|one, other| if other < one { other } else { one })?;
        let cost = |side| results.cost(side, place, name, size).map(|cost| cost.nanoseconds);
        let more = cost(Side::Ours)? - cost(Side::Released)?;
        let reason = || why_slower(place, name, size, 1.0 / factor, more);
        (factor < SLOWER).then(|| Slow { peers, reason: reason() })
    };
    let few = of("few", |size| *size <= FEW);
    few.into_iter().chain(of("many", |size| *size > FEW)).collect()
}

/// How many of the slowest are shown at the beginning.
const WORST: usize = 12;

/// What is slowest beside 0.6.6 with the largest session that both hold, on a disk, where
/// a program has it: nobody is to look for that.
pub(super) fn worst(out: &mut String, results: &Results) -> std::fmt::Result {
    let size = SIZES[SIZES.len() - 1];
    let of = |place| {
        let names = results.names().into_iter();
        names.filter_map(move |name| Some((results.factor(place, name, size)?, place, name)))
    };
    let in_memory = |name: &str| !name.starts_with("file/") && !name.starts_with("sqlite/");
    let mut all: Vec<_> = of(Place::Disk)
        .chain(of(Place::Memory).filter(|(.., name)| in_memory(name)))
        .filter(|(factor, ..)| *factor < SLOWER)
        .collect();
    all.sort_by(|one, other| one.0.total_cmp(&other.0));
    writeln!(out, "\n## The slowest beside 0.6.6\n")?;
    writeln!(
        out,
        "With {} peers, files on a disk. All that is slower, at every size, and why: further down.\n",
        count(size)
    )?;
    writeln!(out, "| | 0.6.6 | ours | times as fast |\n|---|---|---|---|")?;
    for (factor, place, name) in all.into_iter().take(WORST) {
        let cost = |side| results.cost(side, place, name, size).zip_time().unwrap_or_default();
        let (released, ours) = (cost(Side::Released), cost(Side::Ours));
        writeln!(out, "| {} | {released} | {ours} | {} |", what_at(place, name), three(factor))?;
    }
    Ok(())
}

pub(super) fn write(out: &mut String, results: &Results) -> std::fmt::Result {
    writeln!(out, "\n## Slower than 0.6.6\n")?;
    writeln!(
        out,
        "Every call that takes longer than that of 0.6.6 (less than {SLOWER} x as fast): files in memory, and then on a \
         disk. In brackets what 0.6.6 takes. Each reason explains a call only up to so many times as long as that, with few peers \
         (up to {}) and with many, or up to so much more.\n",
        count(FEW)
    )?;
    let mut reasons = Vec::new();
    of_place(out, results, Place::Memory, &mut reasons)?;
    writeln!(out, "\n### On a disk\n")?;
    writeln!(out, "The default of a program that keeps its session in a file or a database.\n")?;
    of_place(out, results, Place::Disk, &mut reasons)?;
    writeln!(out, "\n### Why\n")?;
    for (at, reason) in reasons.iter().enumerate() {
        writeln!(out, "{}. {reason}", at + 1)?;
    }
    Ok(())
}

fn of_place(
    out: &mut String,
    results: &Results,
    place: Place,
    reasons: &mut Vec<&'static str>,
) -> std::fmt::Result {
    write!(out, "| |")?;
    for size in SIZES {
        write!(out, " {} peers |", count(size))?;
    }
    writeln!(out, " why |\n|---|---|---|---|---|---|")?;
    for name in results.names() {
        let slow = slow(results, place, name);
        if slow.is_empty() {
            continue;
        }
        write!(out, "| {} |", what_at(place, name))?;
        for size in SIZES {
            let cost = |side| results.cost(side, place, name, size).zip_time();
            match results.factor(place, name, size) {
                Some(by) if by < SLOWER => write!(
                    out,
                    " **{} x**: {} |",
                    three(by),
                    pair(cost(Side::Ours), cost(Side::Released))
                )?,
                Some(by) => write!(out, " {} x |", three(by))?,
                None => write!(out, " |")?,
            }
        }
        writeln!(out, " {} |", why(&slow, reasons))?;
    }
    Ok(())
}

/// The number of each reason, and how far it reaches.
fn why(slow: &[Slow], reasons: &mut Vec<&'static str>) -> String {
    let (mut said, mut last) = (String::new(), None);
    for Slow { peers, reason } in slow {
        let text = reason.map_or(NOT_LOOKED_INTO, |(why, _)| why);
        let at = reasons.iter().position(|reason| *reason == text).unwrap_or(reasons.len());
        if at == reasons.len() {
            reasons.push(text);
        }
        let between = if last.is_some() { ", " } else { "" };
        let number = if last == Some(at) { String::new() } else { format!("{}: ", at + 1) };
        let most = match reason {
            None => String::new(),
            Some((_, Reach::Times(most))) => format!(" up to {most} x"),
            Some((_, Reach::More(most))) => format!(" up to {} more", time(*most)),
        };
        said = format!("{said}{between}{number}{peers}{most}");
        last = Some(at);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::Cost;

    /// 0.6.6 takes 100 ns at each size, ours so long.
    fn measured(place: Place, name: &str, ours: [f64; 4]) -> Results {
        let mut results = Results::default();
        for (size, ours) in SIZES.into_iter().zip(ours) {
            for (side, nanoseconds) in [(Side::Released, 100.0), (Side::Ours, ours)] {
                let cost = Cost { nanoseconds, bytes: 0, writes: 0 };
                results.time(side, place, (name, size), cost);
            }
        }
        results
    }

    #[test]
    fn each_size_is_held_against_the_ceiling_of_its_own() {
        let long = "file/start, with a long journal";
        let of = |ours| unexplained(&measured(Place::Memory, long, ours));
        assert!(of([10_000.0, 9_000.0, 1_800.0, 1_800.0]).is_empty());
        // What is nothing in an empty session is too long in a large one.
        let many = "file: start, with a long journal, with many peers";
        assert_eq!(of([10_000.0, 9_000.0, 1_800.0, 2_000.0]), [many]);
        assert_eq!(of([100.0, 100.0, 2_000.0, 100.0]), [many]);
        let few = "file: start, with a long journal, with few peers";
        assert_eq!(of([100.0, 11_000.0, 100.0, 100.0]), [few]);
    }

    #[test]
    fn a_disk_is_looked_at_too() {
        let of = |name, ours| unexplained(&measured(Place::Disk, name, [ours; 4]));
        assert!(of("file/home DC", 330.0).is_empty());
        let home = "file, on a disk: home DC, with many peers";
        assert_eq!(of("file/home DC", 340.0), [home]);
        assert_eq!(of("file/qts", 120.0).len(), 2);
        assert!(of("file/qts", 111.0).is_empty());
    }

    #[test]
    fn the_slowest_come_first() {
        let mut results = measured(Place::Disk, "file/delete", [100.0, 100.0, 100.0, 1_000.0]);
        for (place, name, ours) in [
            (Place::Memory, "file/delete", 9_000.0),
            (Place::Memory, "memory/delete", 2_000.0),
            (Place::Memory, "memory/qts", 90.0),
        ] {
            for (side, nanoseconds) in [(Side::Released, 100.0), (Side::Ours, ours)] {
                let cost = Cost { nanoseconds, bytes: 0, writes: 0 };
                results.time(side, place, (name, 60_000), cost);
            }
        }
        let mut out = String::new();
        worst(&mut out, &results).expect("writes");
        let rows: Vec<&str> = out.lines().filter(|line| line.contains(" ns |")).collect();
        assert_eq!(
            rows,
            [
                "| memory: delete | 100 ns | 2.00 µs | 0.05 |",
                "| file, on a disk: delete | 100 ns | 1.00 µs | 0.10 |"
            ]
        );
    }

    #[test]
    fn the_table_says_how_far_each_reason_reaches() {
        let mut out = String::new();
        let results = measured(Place::Memory, "file/qts", [200.0, 100.0, 100.0, 100.0]);
        write(&mut out, &results).expect("writes");
        assert!(
            out.contains(
                "| file: qts | **0.50 x**: 200 ns (100 ns) | 1.00 x | 1.00 x | 1.00 x | 1: few |"
            ),
            "{out}"
        );
        assert!(out.contains("1. Not looked into yet."), "{out}");
        let results = measured(Place::Memory, "file/load", [200.0, 100.0, 100.0, 200.0]);
        out.clear();
        write(&mut out, &results).expect("writes");
        let why = "| 1: few up to 2.4 x, many up to 2.4 x |";
        assert!(out.contains(why), "{out}");
    }
}
