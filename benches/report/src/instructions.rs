//! The derive against the same backend by hand, in instructions, which do not
//! depend on what else the machine does.

use crate::programs::{Programs, output};
use std::io;
use std::process::Command;

/// Instructions for one round of six calls, of one mode.
pub(crate) struct Instructions {
    pub(crate) mode: &'static str,
    pub(crate) derived: f64,
    pub(crate) by_hand: f64,
    /// The store called directly.
    pub(crate) without_engine: f64,
}

const MODES: [&str; 3] = ["rows", "key-value", "blob"];

pub(crate) fn count(programs: &Programs, calls: u32) -> io::Result<Vec<Instructions>> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        return Err(io::Error::other(
            "valgrind is needed to count instructions: install the package `valgrind` \
             (apt-get install valgrind, dnf install valgrind, pacman -S valgrind)",
        ));
    }
    // The hash of an index has another seed in each run, and so takes a longer or
    // a shorter way: the shortest of a few is the same for the same code.
    let least = |name: &str, mode: &str, calls| -> io::Result<i64> {
        let counted = (0..5).map(|_| run(programs, name, mode, calls));
        let counted: io::Result<Vec<i64>> = counted.collect();
        Ok(counted?.into_iter().min().unwrap_or_default())
    };
    let each = |name: &str, mode: &str| -> io::Result<f64> {
        let more = least(name, mode, calls)? - least(name, mode, 0)?;
        Ok(more as f64 / f64::from(calls))
    };
    let of = |mode: &'static str| {
        let (derived, by_hand) = (each("derived", mode)?, each("by_hand", mode)?);
        let without_engine = each("without_engine", mode)?;
        Ok(Instructions { mode, derived, by_hand, without_engine })
    };
    MODES.into_iter().map(of).collect()
}

fn run(programs: &Programs, name: &str, mode: &str, calls: u32) -> io::Result<i64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    let printed = output(valgrind.arg(programs.program(name)).arg(mode).arg(calls.to_string()))?;
    let collected = printed.err.lines().find_map(|line| line.split_once("Collected : "));
    collected
        .and_then(|(_, count)| count.trim().parse().ok())
        .ok_or_else(|| io::Error::other("callgrind did not say what it collected"))
}
