//! What can be asked of any machine: its processor, its date, the commit.

use std::path::Path;
use std::process::Command;

pub(crate) fn unknown() -> String {
    "unknown".to_owned()
}

/// What a program says, in one line.
pub(crate) fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.ok().filter(|output| output.status.success());
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.filter(|text| !text.is_empty()).unwrap_or_else(unknown)
}

pub(crate) fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    named.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.trim().to_owned())
}

pub(crate) fn date() -> String {
    said("date", &["-u", "+%F"])
}

/// The commit that the folder of the measurements is at, and whether it is
/// changed.
pub(crate) fn commit(benches: &Path) -> String {
    let folder = benches.to_string_lossy();
    let commit = said("git", &["-C", &folder, "rev-parse", "--short=12", "HEAD"]);
    // What a run writes itself is no change.
    let changed = said(
        "git",
        &[
            "-C",
            &folder,
            "status",
            "--porcelain",
            "--",
            "..",
            ":!results.md",
            ":!derives/results.md",
            ":!../ferogram-session/src/guide/cost.svg",
            ":!../README.md",
        ],
    );
    match changed == unknown() {
        true => commit,
        false => format!("{commit} and changes"),
    }
}
