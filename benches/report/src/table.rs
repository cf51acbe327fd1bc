//! The table, in Markdown.

mod bars;
mod costs;
mod slower;

use crate::bars::Check;
use crate::build::{Build, Builds};
use crate::format::time;
use crate::instructions::Instructions;
use crate::machine::Machine;
use crate::network::{self, Network};
use crate::programs::Plan;
use crate::results::{Cost, Results};
use crate::syscalls::Counted;
use std::fmt::Write;

pub(crate) use slower::unexplained;

pub(crate) struct Measured<'a> {
    pub(crate) results: &'a Results,
    pub(crate) checks: &'a [Check],
    pub(crate) instructions: &'a [Instructions],
    pub(crate) builds: &'a Builds,
    pub(crate) syscalls: &'a Counted,
    pub(crate) networks: &'a [Network],
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
    let Measured {
        results,
        checks,
        instructions,
        builds,
        syscalls,
        networks,
        machine,
        short,
        plan,
    } = measured;
    writeln!(out, "# Measured against ferogram-session 0.6.6\n")?;
    head(out, machine, plan)?;
    writeln!(
        out,
        "{short}\n\n![Cost per call against session size](../ferogram-session/src/guide/cost.svg)\n"
    )?;
    slower::worst(out, results)?;
    writeln!(out)?;
    bars::write(out, checks, results)?;
    costs::floors(out, results)?;
    costs::counted(out, syscalls)?;
    slower::write(out, results)?;
    costs::calls(out, results)?;
    costs::durable(out, results)?;
    costs::days(out, results)?;
    network::write(out, networks)?;
    writeln!(out, "\n## The derive\n")?;
    writeln!(
        out,
        "Instructions for six calls (counters, qts, peer, home DC, load, save) on a store in memory; rows without a cache, the \
         others with one. By hand is the same wiring of the same engine; called directly is a store without the engine and \
         without a cache, the only one of the three that a user could write without us:\n"
    )?;
    writeln!(
        out,
        "| | derived | by hand, with the engine | store called directly |\n|---|---|---|---|"
    )?;
    for Instructions { mode, derived, by_hand, without_engine } in *instructions {
        writeln!(out, "| {mode} | {derived:.0} | {by_hand:.0} | {without_engine:.0} |")?;
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
         and size; the 20th percentile of the calls, in the best of the rounds; the median of the bytes. How each number comes about: README.md \
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

trait ZipTime {
    fn zip_time(self) -> Option<String>;
}

impl ZipTime for Option<Cost> {
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
