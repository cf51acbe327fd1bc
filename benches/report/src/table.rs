//! The table, in Markdown.

mod slower;

use crate::bars::{Check, what};
use crate::build::{Build, Builds};
use crate::format::{bytes, count, three, time};
use crate::instructions::Instructions;
use crate::machine::Machine;
use crate::programs::{BEYOND, MINUTES_OF_A_DAY, Plan, SIZES};
use crate::reasons;
use crate::results::{Place, Results, Side};
use crate::syscalls::{COUNTED, Counted, PEERS};
use std::fmt::Write;

pub(crate) use slower::unexplained;

pub(crate) struct Measured<'a> {
    pub(crate) results: &'a Results,
    pub(crate) checks: &'a [Check],
    pub(crate) instructions: &'a [Instructions],
    pub(crate) builds: &'a Builds,
    pub(crate) syscalls: &'a Counted,
    pub(crate) machine: &'a Machine,
    pub(crate) short: &'a str,
    pub(crate) plan: &'a Plan,
}

pub(crate) fn write(measured: &Measured<'_>) -> String {
    let mut out = String::new();
    // Writing into a `String` does not fail.
    let _ = sections(&mut out, measured);
    out
}

fn sections(out: &mut String, measured: &Measured<'_>) -> std::fmt::Result {
    let Measured { results, checks, instructions, builds, machine, short, plan, syscalls } =
        measured;
    writeln!(out, "# Measured against ferogram-session 0.6.6\n")?;
    head(out, machine, plan)?;
    writeln!(
        out,
        "{short}\n\n![Cost per call against session size](../ferogram-session/src/guide/cost.svg)\n"
    )?;
    bars(out, checks, results)?;
    floors(out, results)?;
    counted(out, syscalls)?;
    slower::write(out, results)?;
    calls(out, results)?;
    durable(out, results)?;
    days(out, results)?;
    out.push_str(NETWORK);
    writeln!(out, "\n## The derive\n")?;
    writeln!(
        out,
        "Instructions for six calls (counters, qts, peer, home DC, load, save) on a store in memory; rows without a cache, the \
         others with one. By hand is what the derive writes, written by somebody who knows the engine:\n"
    )?;
    writeln!(
        out,
        "| | derived | by hand, with the engine | store called directly |\n|---|---|---|---|"
    )?;
    for Instructions { mode, derived, by_hand, without_engine } in *instructions {
        let without = without_engine.map_or_else(String::new, |count| format!("{count:.0}"));
        writeln!(out, "| {mode} | {derived:.0} | {by_hand:.0} | {without} |")?;
    }
    writeln!(out, "\n## Building, default features, from nothing\n")?;
    writeln!(out, "| | 0.6.6 | ours |\n|---|---|---|")?;
    let Builds { released, ours } = builds;
    let seconds = |build: &Build| format!("{:.1} s", build.time.as_secs_f64());
    writeln!(
        out,
        "| debug build, {} | {} | {} |",
        crate::build::SETTINGS.said,
        seconds(released),
        seconds(ours)
    )?;
    writeln!(
        out,
        "| crates compiled beside it | {} | {} |",
        released.dependencies, ours.dependencies
    )?;
    writeln!(out, "| of those, linked into the program | {} | {} |", released.linked, ours.linked)
}

fn head(out: &mut String, machine: &Machine, plan: &Plan) -> std::fmt::Result {
    let Machine { date, processor, cores, kernel, disk, memory, rustc, commit, .. } = machine;
    let Machine { load, steal, command, .. } = machine;
    let Plan { rounds, milliseconds, .. } = plan;
    writeln!(
        out,
        "Written by `{command}`: rounds: {rounds}, in which the two programs take turns, {milliseconds} ms for each call \
         and size; the time that a fifth of the calls stays below, in the best of the rounds; the median of the bytes. How each number comes about: README.md \
         beside this.\n"
    )?;
    writeln!(out, "| | |\n|---|---|")?;
    writeln!(out, "| date | {date} |\n| processor | {processor}, {cores} cores |")?;
    writeln!(out, "| kernel | {kernel} |")?;
    writeln!(out, "| load before anything was built | {load} |")?;
    writeln!(out, "| stolen by other machines meanwhile | {steal} |")?;
    writeln!(out, "| file systems | in memory: {memory}; disk: {disk} |")?;
    writeln!(out, "| compiler | {rustc} |\n| commit | {commit} |\n")
}

fn bars(out: &mut String, checks: &[Check], results: &Results) -> std::fmt::Result {
    let missed: Vec<&Check> = checks.iter().filter(|check| !check.holds).collect();
    let reasons: Vec<_> = missed.iter().filter_map(|check| check.limit).collect();
    let far = reasons.iter().filter(|reason| reason.out_of_reach.is_some()).count();
    writeln!(
        out,
        "## Bars: {} of {} hold; {far} are out of reach, {} are missed for \
         something that was preferred, {} without a reason\n",
        checks.len() - missed.len(),
        checks.len(),
        reasons.len() - far,
        missed.len() - reasons.len(),
    )?;
    writeln!(
        out,
        "How many times as fast ours is, and what a call costs: 0.6.6, ours. Files are in memory, where the two do the \
         same, if nothing else is said; every call on a disk is further down. What misses its bar is bold.\n"
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
    reasons::write(out, &missed)
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

/// What the limits are measured against.
fn floors(out: &mut String, results: &Results) -> std::fmt::Result {
    writeln!(out, "\n### What the parts cost by themselves\n")?;
    writeln!(
        out,
        "The same statements through nothing but SQLite, the lock of a call and the system calls of a change in a file by \
         themselves, peers compared in order and looked up in another, and a session copied.\n"
    )?;
    write!(out, "| |")?;
    for size in SIZES.into_iter().chain([BEYOND]) {
        write!(out, " {} peers |", count(size))?;
    }
    writeln!(out, "\n|---|---|---|---|---|---|")?;
    for name in results.names().into_iter().filter(|name| name.starts_with("floor/")) {
        write!(out, "| {} |", name.trim_start_matches("floor/"))?;
        for size in SIZES.into_iter().chain([BEYOND]) {
            let cost = results.cost(Side::Ours, Place::Memory, name, size);
            write!(out, " {} |", cost.zip_time().unwrap_or_default())?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn counted(out: &mut String, syscalls: &Counted) -> std::fmt::Result {
    writeln!(out, "\n### System calls\n")?;
    writeln!(out, "Of one call, counted by strace, {} peers.\n", count(PEERS))?;
    writeln!(out, "| | 0.6.6 | ours |\n|---|---|---|")?;
    for name in COUNTED {
        let of = |side| {
            let calls = syscalls.get(&(side, name)).map(Vec::as_slice).unwrap_or_default();
            let sum: f64 = calls.iter().map(|(_, count)| count).sum();
            let each = calls.iter().map(|(call, count)| format!("{} {call}", few(*count)));
            format!("{}: {}", few(sum), each.collect::<Vec<_>>().join(", "))
        };
        writeln!(out, "| {} | {} | {} |", what(name), of(Side::Released), of(Side::Ours))?;
    }
    Ok(())
}

/// A mean of counts: whole, if it is.
fn few(count: f64) -> String {
    let whole = count.round();
    if (count - whole).abs() < 0.05 { format!("{whole}") } else { format!("{count:.1}") }
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

/// Counted where the servers are: a proxy counts, and a test compares.
const NETWORK: &str = "
## Redis, Postgres, S3

What counts there is round trips and bytes. A proxy counts them in the tests of each backend, which hold the bars of one
round trip (S3: one PUT) and at most 512 bytes plus twice the change, and hold the tables in the documentation true:
see `backends-contrib/*/README.md`, under \"What a call costs\".
";

fn calls(out: &mut String, results: &Results) -> std::fmt::Result {
    writeln!(out, "\n## Every call: ours, and 0.6.6 in brackets\n")?;
    writeln!(out, "Files are in memory.\n")?;
    write!(out, "| |")?;
    for size in SIZES.into_iter().chain([BEYOND]) {
        write!(out, " {} peers |", count(size))?;
    }
    writeln!(out, " bytes written at 20,000 |\n|---|---|---|---|---|---|---|")?;
    for name in results.names().into_iter().filter(|name| !name.starts_with("floor/")) {
        write!(out, "| {} |", what(name))?;
        let both = |size| {
            let cost = |side| results.cost(side, Place::Memory, name, size);
            (cost(Side::Ours), cost(Side::Released))
        };
        for size in SIZES.into_iter().chain([BEYOND]) {
            let (ours, released) = both(size);
            write!(out, " {} |", pair(ours.zip_time(), released.zip_time()))?;
        }
        let (ours, released) = both(20_000);
        let written =
            |cost: Option<crate::results::Cost>| cost.map(|cost| bytes(cost.bytes as f64));
        writeln!(out, " {} |", pair(written(ours), written(released)))?;
    }
    Ok(())
}

trait ZipTime {
    fn zip_time(self) -> Option<String>;
}

impl ZipTime for Option<crate::results::Cost> {
    fn zip_time(self) -> Option<String> {
        self.map(|cost| time(cost.nanoseconds))
    }
}

fn pair(ours: Option<String>, released: Option<String>) -> String {
    match (ours, released) {
        (Some(ours), Some(released)) => format!("{ours} ({released})"),
        (Some(ours), None) => ours,
        (None, Some(released)) => format!("({released})"),
        (None, None) => String::new(),
    }
}

/// Every call of those that use files, where fsyncs are free and where not.
fn durable(out: &mut String, results: &Results) -> std::fmt::Result {
    writeln!(out, "\n## On a disk\n")?;
    writeln!(
        out,
        "Ours makes a first save, a new key, a home DC and a delete survive a power cut, 0.6.6 does not. On a file system \
         in memory an fsync is free.\n"
    )?;
    writeln!(
        out,
        "| | peers | in memory: ours (0.6.6) | | on disk: ours (0.6.6) | |\n|---|---|---|---|---|---|"
    )?;
    for name in results.names() {
        if !name.starts_with("file/") && !name.starts_with("sqlite/") {
            continue;
        }
        for size in SIZES {
            let cell = |place| {
                let cost = |side| results.cost(side, place, name, size);
                let factor = results.factor(place, name, size);
                let factor = factor.map_or_else(String::new, |by| format!("{} x", three(by)));
                let costs = pair(cost(Side::Ours).zip_time(), cost(Side::Released).zip_time());
                format!("{costs} | {factor}")
            };
            let (memory, disk) = (cell(Place::Memory), cell(Place::Disk));
            writeln!(out, "| {} | {} | {memory} | {disk} |", what(name), count(size))?;
        }
    }
    Ok(())
}

fn days(out: &mut String, results: &Results) -> std::fmt::Result {
    writeln!(out, "\n## A day of a busy bot, 60,000 peers\n")?;
    writeln!(
        out,
        "Every minute what the client does: 26 granular calls, of counters and of qts, and a save with ten changed peers and \
         five new salts. On a disk.\n"
    )?;
    writeln!(
        out,
        "| | | minutes run | bytes a day | writes a day | time a day |\n|---|---|---|---|---|---|"
    )?;
    for backend in ["file", "sqlite"] {
        for (side, called) in [(Side::Released, "0.6.6"), (Side::Ours, "ours")] {
            let value = |what: &str| {
                let name = format!("day/{backend}/{what}");
                results.value(side, Place::Disk, &name, 60_000)
            };
            let Some(minutes) = value("minutes") else { continue };
            let scale = f64::from(MINUTES_OF_A_DAY) / minutes as f64;
            let a_day = |what| value(what).unwrap_or(0) as f64 * scale;
            writeln!(
                out,
                "| {backend} | {called} | {minutes} | {} | {} | {} |",
                bytes(a_day("bytes")),
                count(a_day("write calls") as usize),
                time(a_day("microseconds") * 1e3),
            )?;
        }
    }
    Ok(())
}
