//! What each call costs, and what its parts do.

use super::{ZipTime, pair};
use crate::bars::what;
use crate::format::{bytes, count, three, time};
use crate::programs::{BEYOND, MINUTES_OF_A_DAY, SIZES};
use crate::results::{Cost, Place, Results, Side};
use crate::syscalls::{COUNTED, Counted, PEERS};
use std::fmt::Write;

/// What the limits are measured against.
pub(super) fn floors(out: &mut String, results: &Results) -> std::fmt::Result {
    writeln!(out, "\n### What the parts cost by themselves\n")?;
    writeln!(
        out,
        "These are parts as ours does them, not what any backend would need. The same statements through nothing but SQLite, the lock of a call and the system calls of a change in a file by \
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

pub(super) fn counted(out: &mut String, syscalls: &Counted) -> std::fmt::Result {
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

pub(super) fn calls(out: &mut String, results: &Results) -> std::fmt::Result {
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
        let written = |cost: Option<Cost>| cost.map(|cost| bytes(cost.bytes as f64));
        writeln!(out, " {} |", pair(written(ours), written(released)))?;
    }
    Ok(())
}

/// Every call of those that use files, where fsyncs are free and where not.
pub(super) fn durable(out: &mut String, results: &Results) -> std::fmt::Result {
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

pub(super) fn days(out: &mut String, results: &Results) -> std::fmt::Result {
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
