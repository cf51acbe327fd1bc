//! The bars: what holds, what is missed, and what one round decides so and another
//! otherwise.

use crate::bars::{Check, what};
use crate::format::{count, three, time};
use crate::programs::{BEYOND, SIZES};
use crate::reasons;
use crate::results::{Place, Results, Side};
use std::fmt::Write;

pub(super) fn write(out: &mut String, checks: &[Check], results: &Results) -> std::fmt::Result {
    let missed: Vec<&Check> = checks.iter().filter(|check| !check.holds).collect();
    let reasons: Vec<_> = missed.iter().filter_map(|check| check.limit).collect();
    let far = reasons.iter().filter(|reason| reason.out_of_reach.is_some()).count();
    let by_chance = checks.iter().filter(|check| check.by_chance.is_some()).count();
    writeln!(
        out,
        "## Bars: {} of {} hold; {far} are out of reach, {} are missed for something that was preferred, {} without a \
         reason; {by_chance} are decided by chance\n",
        checks.len() - missed.len(),
        checks.len(),
        reasons.len() - far,
        missed.len() - reasons.len(),
    )?;
    writeln!(
        out,
        "How many times as fast ours is, and what a call costs: 0.6.6, ours. Files are in memory, where the two do the \
         same, if nothing else is said; every call on a disk is further down. What misses its bar is bold.\n\n\
         *Out of reach*: what our call is made of takes, by itself, longer than the bar leaves, and less than the whole call \
         of 0.6.6. *Preferred*: the rest of the call, or parts that take as long as all that 0.6.6 does, which are what our \
         promises cost. *Decided by chance*: it holds in one round and not in another; these are listed below, and counted \
         among the others as the best of the rounds decides.\n"
    )?;
    factors(out, checks)?;
    writeln!(
        out,
        "\n| | peers | 0.6.6 | ours | comes to | bar | holds |\n|---|---|---|---|---|---|---|"
    )?;
    for check in checks.iter().filter(|check| check.factor_at.is_none()) {
        let Check { what, peers, released, ours, comes_to, bar, holds, .. } = check;
        let holds = if *holds { "yes" } else { "**no**" };
        writeln!(out, "| {what} | {peers} | {released} | {ours} | {comes_to} | {bar} | {holds} |")?;
    }
    after_a_save(out, results)?;
    chance(out, checks)?;
    reasons::write(out, &missed)
}

/// Bars whose verdict differs between rounds: the two programs are close to it, or one of
/// the rounds was disturbed.
fn chance(out: &mut String, checks: &[Check]) -> std::fmt::Result {
    writeln!(out, "\n### Decided by chance: what holds in one round, and not in another\n")?;
    let by_chance: Vec<_> =
        checks.iter().filter_map(|check| Some((check, check.by_chance?))).collect();
    if by_chance.is_empty() {
        return writeln!(out, "None, or there was one round.");
    }
    writeln!(
        out,
        "The factor within each round, in which the two programs take turns: the least and the most. The verdict is that of \
         the best of each side.\n"
    )?;
    writeln!(out, "| | peers | bar | rounds | best | holds |\n|---|---|---|---|---|---|")?;
    for (check, (least, most)) in by_chance {
        let Check { what, peers, bar, comes_to, holds, .. } = check;
        let holds = if *holds { "yes" } else { "**no**" };
        let rounds = format!("{} x to {} x", three(least), three(most));
        writeln!(out, "| {what} | {peers} | {bar} | {rounds} | {comes_to} | {holds} |")?;
    }
    Ok(())
}

/// What is no bar, but grows where the same call without a save before does not.
fn after_a_save(out: &mut String, results: &Results) -> std::fmt::Result {
    let grows = |name: &str| {
        let cost = |size| results.cost(Side::Ours, Place::Memory, name, size);
        let (few, many) = (cost(SIZES[0])?.nanoseconds, cost(BEYOND)?.nanoseconds);
        Some(format!("{} {} x ({}, {})", what(name), three(many / few), time(few), time(many)))
    };
    let names = ["memory/pts after a save", "memory/a peer after a save"];
    let grown: Vec<String> = names.into_iter().filter_map(grows).collect();
    if grown.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\nWithout a bar, from {} to {} peers: {}. These wait for memory that the save has pushed out of the caches of \
         the processor.",
        count(SIZES[0]),
        count(BEYOND),
        grown.join("; ")
    )
}

/// The bars on speed: a line for each call, a column for each size.
fn factors(out: &mut String, checks: &[Check]) -> std::fmt::Result {
    write!(out, "| | bar |")?;
    for size in SIZES {
        write!(out, " {} peers |", count(size))?;
    }
    writeln!(out, "\n|---|---|---|---|---|---|")?;
    let factors: Vec<&Check> = checks.iter().filter(|check| check.factor_at.is_some()).collect();
    for of_one in factors.chunk_by(|one, next| one.what == next.what) {
        let Some(first) = of_one.first() else { continue };
        let mut bar = first.bar.clone();
        for check in of_one.iter().filter(|check| check.bar != first.bar) {
            bar = format!("{bar}, {} at {}", check.bar, check.peers);
        }
        write!(out, "| {} | {bar} |", first.what)?;
        for size in SIZES {
            let check = of_one.iter().find(|check| check.factor_at == Some(size));
            match check {
                Some(Check { released, ours, comes_to, holds: true, .. }) => {
                    write!(out, " {comes_to}: {released}, {ours} |")?;
                }
                Some(Check { released, ours, comes_to, .. }) => {
                    write!(out, " **{comes_to}**: {released}, {ours} |")?;
                }
                None => write!(out, " |")?,
            }
        }
        writeln!(out)?;
    }
    Ok(())
}
