//! The few lines of all this that stand in the README of the repository, too.

use crate::bars::a_day;
use crate::format::{bytes, three, time};
use crate::machine::Machine;
use crate::results::{Place, Results, Side};
use std::fmt::Write;
use std::io;
use std::path::Path;

pub(crate) const START: &str = "<!-- measured: benches/run writes this -->";
pub(crate) const END: &str = "<!-- measured until here -->";

/// Of the granular calls in a file the best is far from the rest: one that stands for
/// most of them, and the same where it is slower.
const CALLS: [(&str, Place, &str); 14] = [
    ("file/pts, date, seq", Place::Memory, "file: counters"),
    ("file/pts after a save", Place::Memory, "file: counters, after a save"),
    ("file/a peer after a save", Place::Memory, "file: a peer, after a save"),
    ("file/save, 10 peers changed", Place::Memory, "file: save, ten peers changed"),
    ("file/start in a new process", Place::Memory, "file: start of a new process"),
    (
        "file/start in a new process, with a long journal",
        Place::Memory,
        "file: start, the journal nine tenths of the longest (0.6.6 has none)",
    ),
    ("file/first save after a start", Place::Memory, "file: first save after a start"),
    ("file/new key of a DC", Place::Disk, "file: a new auth key, on a disk; ours waits for it"),
    ("string/pts, date, seq", Place::Memory, "string: counters"),
    ("string/save, then current()", Place::Memory, "string: save, then `current()`"),
    ("memory/a peer", Place::Memory, "memory: a peer"),
    ("sqlite/pts, date, seq", Place::Memory, "SQLite: counters"),
    ("sqlite/a peer", Place::Memory, "SQLite: a peer"),
    ("sqlite/save, 10 peers changed", Place::Memory, "SQLite: save, ten peers changed"),
];

pub(crate) fn table(results: &Results, machine: &Machine) -> String {
    let mut out = format!("{START}\n\n");
    // Writing into a `String` does not fail.
    let _ = lines(&mut out, results, machine);
    out + "\n" + END
}

fn lines(out: &mut String, results: &Results, machine: &Machine) -> std::fmt::Result {
    writeln!(out, "| 60,000 peers | 0.6.6 | this crate | times as fast |\n|---|---|---|---|")?;
    for (name, place, called) in CALLS {
        let cost = |side| results.cost(side, place, name, 60_000);
        let cell = |side| {
            cost(side).map_or_else(
                || "not measured".to_owned(),
                |cost| match cost.bytes {
                    0 => time(cost.nanoseconds),
                    written => {
                        format!("{}, writes {}", time(cost.nanoseconds), bytes(written as f64))
                    }
                },
            )
        };
        let factor = results.factor(place, name, 60_000).map_or_else(|| "-".to_owned(), three);
        writeln!(out, "| {called} | {} | {} | {factor} |", cell(Side::Released), cell(Side::Ours))?;
    }
    for (backend, called) in [("file", "in the file"), ("sqlite", "in SQLite")] {
        let cell = |side| {
            let written = a_day(results, side, backend);
            written.map_or_else(
                || "not measured".to_owned(),
                |written| format!("writes {}", bytes(written)),
            )
        };
        let (released, ours) = (cell(Side::Released), cell(Side::Ours));
        writeln!(out, "| a day of a busy bot, {called} | {released} | {ours} | |")?;
    }
    let Machine { date, processor, cores, load, steal, command, .. } = machine;
    writeln!(
        out,
        "\n{date}, {processor}, {cores} cores, load {load} before, {steal} of the time stolen by other machines: `{command}`."
    )
}

/// Puts the table into the README, in place of that of the last run.
pub(crate) fn put(readme: &Path, table: &str) -> io::Result<()> {
    let text = std::fs::read_to_string(readme)?;
    let parts = text.split_once(START).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let Some((before, after)) = parts else {
        return Err(io::Error::other("README.md lacks the marks between which the table stands"));
    };
    std::fs::write(readme, format!("{before}{table}{after}"))
}
