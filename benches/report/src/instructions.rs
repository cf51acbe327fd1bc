//! The derive against the same backend by hand, in instructions, which do not
//! depend on what else the machine does.

use crate::programs::{Programs, output};
use std::io;
use std::process::Command;

/// Instructions for one round of six calls.
pub(crate) struct Instructions {
    pub(crate) derived: f64,
    pub(crate) by_hand: f64,
    pub(crate) without_engine: f64,
}

pub(crate) fn count(programs: &Programs, calls: u32) -> io::Result<Instructions> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        return Err(io::Error::other(
            "valgrind is needed to count instructions: install the package `valgrind` \
             (apt-get install valgrind, dnf install valgrind, pacman -S valgrind)",
        ));
    }
    let each = |name: &str| -> io::Result<f64> {
        let with = run(programs, name, calls)?;
        let without = run(programs, name, 0)?;
        Ok((with - without) as f64 / f64::from(calls))
    };
    Ok(Instructions {
        derived: each("derived")?,
        by_hand: each("by_hand")?,
        without_engine: each("without_engine")?,
    })
}

fn run(programs: &Programs, name: &str, calls: u32) -> io::Result<i64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    let printed = output(valgrind.arg(programs.program(name)).arg(calls.to_string()))?;
    let collected = printed.err.lines().find_map(|line| line.split_once("Collected : "));
    collected
        .and_then(|(_, count)| count.trim().parse().ok())
        .ok_or_else(|| io::Error::other("callgrind did not say what it collected"))
}
