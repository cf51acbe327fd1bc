//! Checks and builds the two crates in turn.

use crate::crates::Crates;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

pub(crate) struct Cost {
    pub(crate) check: Times,
    pub(crate) build: Times,
    /// Bytes of the program, with the derives and without.
    pub(crate) size: (u64, u64),
}

/// The best of all rounds: whatever else the machine did has only made the
/// others slower.
pub(crate) struct Times {
    pub(crate) with: Duration,
    pub(crate) without: Duration,
}

impl Times {
    pub(crate) fn added(&self) -> Duration {
        self.with.saturating_sub(self.without)
    }
}

pub(crate) fn measure(crates: &Crates, target: &Path, rounds: usize) -> io::Result<Cost> {
    let check = times(crates, target, rounds, "check")?;
    let build = times(crates, target, rounds, "build")?;
    let size = |name| Ok::<_, io::Error>(target.join("built/debug").join(name).metadata()?.len());
    Ok(Cost { check, build, size: (size("with")?, size("without")?) })
}

fn times(crates: &Crates, target: &Path, rounds: usize, command: &str) -> io::Result<Times> {
    let mut times = Times { with: Duration::MAX, without: Duration::MAX };
    // The first round builds what they depend on, and does not count.
    for round in 0..=rounds {
        for (folder, best) in
            [(&crates.with, &mut times.with), (&crates.without, &mut times.without)]
        {
            std::fs::File::options()
                .append(true)
                .open(folder.join("src/main.rs"))?
                .set_modified(SystemTime::now())?;
            let mut cargo = cargo(command, target);
            cargo.current_dir(folder);
            let start = spent()?;
            succeed(&mut cargo)?;
            if round > 0 {
                *best = (spent()? - start).min(*best);
            }
        }
    }
    Ok(times)
}

/// The processor time of all programs that were run and have ended: unlike the
/// time on the clock it does not grow with what else the machine does.
pub(crate) fn spent() -> io::Result<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name of the program, in parentheses, may have spaces.
    let fields = stat.rsplit_once(") ").map_or("", |(_, fields)| fields);
    let ticks: u64 =
        fields.split(' ').skip(13).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    // A hundred ticks are a second, on every Linux.
    Ok(Duration::from_millis(ticks * 10))
}

/// Without incremental builds, or a touched file would cost nothing.
pub(crate) fn cargo(command: &str, target: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args([command, "--quiet"]);
    cargo.env("CARGO_TARGET_DIR", target.join("built")).env("CARGO_INCREMENTAL", "0");
    cargo.stdin(Stdio::null());
    cargo
}

pub(crate) fn succeed(command: &mut Command) -> io::Result<()> {
    let status = command.status()?;
    if status.success() {
        return Ok(());
    }
    Err(io::Error::other(format!("{command:?}: {status}")))
}
