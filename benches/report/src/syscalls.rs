//! The system calls of a call, counted: like instructions they do not depend
//! on what else the machine does.

use crate::programs::{Programs, output, program_of};
use crate::results::{Place, Side};
use std::collections::BTreeMap;
use std::io;
use std::process::Command;

/// What is counted, in a session of so many peers.
pub(crate) const COUNTED: [&str; 9] = [
    "file/pts, date, seq",
    "file/a peer",
    "file/save, 10 peers changed",
    "file/new key of a DC",
    "sqlite/pts, date, seq",
    "sqlite/pts of a channel",
    "sqlite/a peer",
    "sqlite/save, 10 peers changed",
    "sqlite/new key of a DC",
];
pub(crate) const PEERS: usize = 1_000;

/// Calls of which the mean is taken: what is done now and then counts in part.
const CALLS: usize = 200;

/// For each side and call the system calls by name, the most frequent first.
pub(crate) type Counted = BTreeMap<(Side, &'static str), Vec<(String, f64)>>;

pub(crate) fn count(programs: &Programs) -> io::Result<Counted> {
    if Command::new("strace").arg("--version").output().is_err() {
        return Err(io::Error::other(
            "strace is needed to count system calls: install the package `strace` \
             (apt-get install strace, dnf install strace, pacman -S strace)",
        ));
    }
    let mut counted = Counted::new();
    for side in [Side::Released, Side::Ours] {
        for name in COUNTED {
            let (with, without) =
                (run(programs, side, name, CALLS)?, run(programs, side, name, 0)?);
            let each = |(call, count): (&String, &u64)| {
                let more = count.saturating_sub(without.get(call).copied().unwrap_or(0));
                (call.clone(), more as f64 / CALLS as f64)
            };
            let mut each: Vec<(String, f64)> = with.iter().map(each).collect();
            // What the allocator does now and then is not of the call.
            each.retain(|(_, count)| *count >= 0.05);
            each.sort_by(|one, other| other.1.total_cmp(&one.1));
            counted.insert((side, name), each);
        }
    }
    Ok(counted)
}

fn run(
    programs: &Programs,
    side: Side,
    name: &str,
    calls: usize,
) -> io::Result<BTreeMap<String, u64>> {
    let group = name.split('/').next().unwrap_or(name);
    let folder = programs.folder(Place::Memory);
    std::fs::create_dir_all(&folder)?;
    let mut strace = Command::new("strace");
    strace.args(["--follow-forks", "--summary-only", "--summary-columns=calls,name"]);
    strace.arg(programs.program(program_of(side)));
    strace.arg(group).arg(PEERS.to_string()).arg(&folder).arg("0");
    strace.env("ONLY", name).env("CALLS", calls.to_string());
    let printed = output(&mut strace)?;
    let line = |line: &str| {
        let mut fields = line.split_whitespace();
        let count = fields.next()?.parse().ok()?;
        Some((fields.next()?.to_owned(), count))
    };
    let mut counts: BTreeMap<String, u64> = printed.err.lines().filter_map(line).collect();
    counts.remove("total");
    if counts.is_empty() {
        return Err(io::Error::other(format!("strace counted nothing:\n{}", printed.err)));
    }
    Ok(counts)
}
