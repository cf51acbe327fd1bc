//! What it takes to build the crate, from nothing, with default features.

use crate::programs::{Programs, output, succeed};
use crate::results::Side;
use std::collections::BTreeSet;
use std::io;
use std::time::{Duration, Instant};

pub(crate) struct Build {
    pub(crate) time: Duration,
    /// Crates that are compiled beside it, those that only the build needs
    /// among them.
    pub(crate) dependencies: usize,
    /// Of those, the ones that end up in the program.
    pub(crate) linked: usize,
}

/// The same for both, whatever the manifests say that they stand in: one of ours leaves
/// debug information out and optimizes a crate.
pub(crate) struct Settings {
    pub(crate) said: &'static str,
    config: [&'static str; 3],
}

pub(crate) const SETTINGS: Settings = Settings {
    said: "both with all debug information, nothing optimized, not incrementally",
    config: [
        "profile.dev.debug='full'",
        "profile.dev.package.'*'.debug='full'",
        "profile.dev.package.crc32fast.opt-level=0",
    ],
};

pub(crate) struct Builds {
    pub(crate) released: Build,
    pub(crate) ours: Build,
}

pub(crate) fn compare(programs: &Programs, times: usize) -> io::Result<Builds> {
    let mut best = [Duration::MAX; 2];
    for _ in 0..times {
        for (best, side) in best.iter_mut().zip([Side::Released, Side::Ours]) {
            *best = time(programs, side)?.min(*best);
        }
    }
    let of = |side, time| -> io::Result<Build> {
        let dependencies = dependencies(programs, side, "normal,build")?;
        let linked = dependencies_linked(programs, side)?;
        Ok(Build { time, dependencies, linked })
    };
    Ok(Builds { released: of(Side::Released, best[0])?, ours: of(Side::Ours, best[1])? })
}

fn time(programs: &Programs, side: Side) -> io::Result<Duration> {
    let target = programs.target.join("clean-build");
    if target.exists() {
        std::fs::remove_dir_all(&target)?;
    }
    let mut build = programs.cargo("build", side);
    build.args(["--package", "ferogram-session"]).env("CARGO_TARGET_DIR", &target);
    build.args(SETTINGS.config.iter().flat_map(|setting| ["--config", setting]));
    build.env("CARGO_INCREMENTAL", "0");
    let start = Instant::now();
    succeed(&mut build)?;
    let time = start.elapsed();
    std::fs::remove_dir_all(&target)?;
    Ok(time)
}

fn dependencies(programs: &Programs, side: Side, edges: &str) -> io::Result<usize> {
    let mut tree = programs.cargo("tree", side);
    tree.args(["--package", "ferogram-session", "--edges", edges]);
    let printed = output(tree.args(["--prefix", "none", "--format", "{p}"]))?;
    let crates: BTreeSet<&str> =
        printed.out.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    Ok(crates.len() - 1)
}

fn dependencies_linked(programs: &Programs, side: Side) -> io::Result<usize> {
    dependencies(programs, side, "normal,no-proc-macro")
}
