//! The table, in Markdown.

use crate::bars::Check;
use crate::build::{Build, Builds};
use crate::format::{bytes, count, three, time};
use crate::instructions::Instructions;
use crate::limits::limit;
use crate::programs::{BEYOND, MINUTES_OF_A_DAY, Plan, SIZES};
use crate::results::{Place, Results, Side};
use std::fmt::Write;

pub(crate) fn write(
    results: &Results,
    checks: &[Check],
    instructions: &Instructions,
    builds: &Builds,
    plan: &Plan,
) -> String {
    let mut out = String::new();
    // Writing into a `String` does not fail.
    let _ = sections(&mut out, results, checks, instructions, builds, plan);
    out
}

fn sections(
    out: &mut String,
    results: &Results,
    checks: &[Check],
    instructions: &Instructions,
    builds: &Builds,
    plan: &Plan,
) -> std::fmt::Result {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let rounds = plan.rounds;
    writeln!(out, "# Measured against ferogram-session 0.6.6\n")?;
    writeln!(
        out,
        "Written by `benches/run{}`: {} {}, {cores} cores, {rounds} rounds in which the two programs take turns, the best \
         median of the rounds. How each number comes about: README.md beside this.\n",
        if plan.quick { " --quick" } else { "" },
        std::env::consts::OS,
        std::env::consts::ARCH,
    )?;
    bars(out, checks)?;
    calls(out, results)?;
    durable(out, results)?;
    days(out, results)?;
    out.push_str(NETWORK);
    writeln!(out, "\n## The derive\n")?;
    writeln!(
        out,
        "Instructions for six calls (counters, qts, peer, home DC, load, save) on a memory store:\n"
    )?;
    writeln!(out, "| derived | by hand, with the engine | store called directly |\n|---|---|---|")?;
    let Instructions { derived, by_hand, without_engine } = instructions;
    writeln!(out, "| {derived:.0} | {by_hand:.0} | {without_engine:.0} |")?;
    writeln!(out, "\n## Building, default features, from nothing\n")?;
    writeln!(out, "| | 0.6.6 | ours |\n|---|---|---|")?;
    let Builds { released, ours } = builds;
    let seconds = |build: &Build| format!("{:.1} s", build.time.as_secs_f64());
    writeln!(out, "| debug build | {} | {} |", seconds(released), seconds(ours))?;
    writeln!(
        out,
        "| crates compiled beside it | {} | {} |",
        released.dependencies, ours.dependencies
    )?;
    writeln!(out, "| of those, linked into the program | {} | {} |", released.linked, ours.linked)
}

fn bars(out: &mut String, checks: &[Check]) -> std::fmt::Result {
    let missed = checks.iter().filter(|check| !check.holds).count();
    writeln!(out, "## Bars: {} of {} hold\n", checks.len() - missed, checks.len())?;
    writeln!(
        out,
        "| | peers | 0.6.6 | ours | comes to | bar | holds |\n|---|---|---|---|---|---|---|"
    )?;
    for check in checks {
        let Check { what, peers, released, ours, comes_to, bar, holds } = check;
        let holds = if *holds { "yes" } else { "**no**" };
        writeln!(out, "| {what} | {peers} | {released} | {ours} | {comes_to} | {bar} | {holds} |")?;
    }
    if missed > 0 {
        writeln!(out, "\n### What stands in the way\n")?;
    }
    for check in checks.iter().filter(|check| !check.holds) {
        let Check { what, peers, comes_to, .. } = check;
        let limit = limit(what).unwrap_or("Not looked into yet.");
        writeln!(out, "* {what}, {peers} peers ({comes_to}): {limit}")?;
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
    writeln!(out, "![Cost per call against session size](cost.svg)\n")?;
    write!(out, "| |")?;
    for size in SIZES.into_iter().chain([BEYOND]) {
        write!(out, " {} peers |", count(size))?;
    }
    writeln!(out, " bytes written at 20,000 |\n|---|---|---|---|---|---|---|")?;
    for name in results.names() {
        write!(out, "| {} |", name.replacen('/', ": ", 1))?;
        let both = |size| {
            let cost = |side| results.cost(side, Place::Disk, name, size);
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

/// The calls that ours makes durable and 0.6.6 does not.
fn durable(out: &mut String, results: &Results) -> std::fmt::Result {
    let names = ["first save", "new key of a DC", "home DC"];
    writeln!(out, "\n## What durability costs\n")?;
    writeln!(
        out,
        "Ours makes these survive a power cut, 0.6.6 does not. On a file system in memory an fsync is free: \
         there the two do the same.\n"
    )?;
    writeln!(
        out,
        "| | peers | in memory: ours (0.6.6) | | on disk: ours (0.6.6) | |\n|---|---|---|---|---|---|"
    )?;
    for backend in ["file", "sqlite"] {
        for name in names {
            let name = format!("{backend}/{name}");
            for size in [0, 20_000, 60_000] {
                let cell = |place| {
                    let cost = |side| results.cost(side, place, &name, size);
                    let factor = results.factor(place, &name, size);
                    let factor = factor.map_or_else(String::new, |by| format!("{} x", three(by)));
                    let costs = pair(cost(Side::Ours).zip_time(), cost(Side::Released).zip_time());
                    format!("{costs} | {factor}")
                };
                let (memory, disk) = (cell(Place::Memory), cell(Place::Disk));
                let what = name.replacen('/', ": ", 1);
                writeln!(out, "| {what} | {} | {memory} | {disk} |", count(size))?;
            }
        }
    }
    Ok(())
}

fn days(out: &mut String, results: &Results) -> std::fmt::Result {
    writeln!(out, "\n## A day of a busy bot, 60,000 peers\n")?;
    writeln!(
        out,
        "26 granular calls and a save with ten changed peers and five new salts, every minute.\n"
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
