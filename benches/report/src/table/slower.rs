//! What takes longer than in 0.6.6, and why.

use super::{ZipTime, pair};
use crate::bars::what;
use crate::format::{count, three};
use crate::limits::slower as why_slower;
use crate::programs::SIZES;
use crate::results::{Place, Results, Side};
use std::fmt::Write;

/// What got slower, bar or not.
const SLOWER: f64 = 0.9;
const NOT_LOOKED_INTO: &str = "Not looked into yet.";

/// Those that got slower, and nobody said why.
pub(crate) fn unexplained(results: &Results) -> Vec<String> {
    let names = results.names().into_iter();
    let unexplained = names.filter(|name| {
        let times = times_as_long(results, name);
        times.is_some_and(|times| why_slower(name, times).is_none())
    });
    unexplained.map(what).collect()
}

/// Of a call that got slower, how many times as long it takes where it is the slowest.
fn times_as_long(results: &Results, name: &str) -> Option<f64> {
    let factor = |size| results.factor(Place::Memory, name, size);
    let least = SIZES.into_iter().filter_map(factor).reduce(f64::min)?;
    (least < SLOWER).then_some(1.0 / least)
}

pub(super) fn write(out: &mut String, results: &Results) -> std::fmt::Result {
    writeln!(out, "\n## Slower than 0.6.6\n")?;
    writeln!(
        out,
        "Every call that takes longer than that of 0.6.6 (less than {SLOWER} x as fast), files in memory; on a disk \
         below. Each reason explains a call only up to so many times as long as that of 0.6.6.\n"
    )?;
    write!(out, "| |")?;
    for size in SIZES {
        write!(out, " {} peers |", count(size))?;
    }
    writeln!(out, " why |\n|---|---|---|---|---|---|")?;
    let mut reasons: Vec<&str> = Vec::new();
    for name in results.names() {
        let factor = |size| results.factor(Place::Memory, name, size);
        let Some(times) = times_as_long(results, name) else { continue };
        write!(out, "| {} |", what(name))?;
        for size in SIZES {
            let cost = |side| results.cost(side, Place::Memory, name, size).zip_time();
            match factor(size) {
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
        let reason = why_slower(name, times);
        let (why, most) = reason.map_or((NOT_LOOKED_INTO, None), |(why, most)| (why, Some(most)));
        let at = reasons.iter().position(|reason| *reason == why).unwrap_or(reasons.len());
        if at == reasons.len() {
            reasons.push(why);
        }
        let most = most.map_or_else(String::new, |most| format!(", up to {most} x as long"));
        writeln!(out, " {}{most} |", at + 1)?;
    }
    writeln!(out)?;
    for (at, reason) in reasons.iter().enumerate() {
        writeln!(out, "{}. {reason}", at + 1)?;
    }
    Ok(())
}
