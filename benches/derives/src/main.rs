//! What 200 derives cost: `cargo check`, `cargo build` and the size of the
//! program, against the same crate without them. And what the derive itself
//! takes to build from nothing.
//!
//! ```text
//! benches/derives/run [rounds]
//! ```

mod clean;
mod crates;
#[path = "../../report/src/here.rs"]
mod here;
mod measure;

use std::fmt::Write;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// How many structs.
const DERIVES: usize = 200;
/// What they may add to a check.
const CHECK: Duration = Duration::from_millis(500);
/// What each of them may add to a debug program.
const BYTES: u64 = 20_000;

fn main() -> ExitCode {
    let rounds = std::env::args().nth(1).map_or(Ok(7), |rounds| rounds.parse());
    let Ok(rounds) = rounds else {
        eprintln!("usage: benches/derives/run [rounds]");
        return ExitCode::from(2);
    };
    match run(rounds) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("benches/derives/run: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every bar holds.
fn run(rounds: usize) -> io::Result<bool> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let repository = here.join("../..").canonicalize()?;
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| here.join("../target"), PathBuf::from)
        .join("derives");
    std::fs::create_dir_all(&target)?;

    let crates = crates::write(&target, &repository)?;
    let cost = measure::measure(&crates, &target, rounds)?;
    let derive = clean::measure(&repository, &target, rounds.min(3))?;

    let text = report(rounds, &here.join(".."), &cost, &derive);
    print!("{text}");
    std::fs::write(here.join("results.md"), text)?;
    Ok(holds(&cost) && derive.features.iter().all(|feature| feature.needed))
}

fn holds(cost: &measure::Cost) -> bool {
    cost.check.added() <= CHECK && per_derive(cost) < BYTES
}

fn per_derive(cost: &measure::Cost) -> u64 {
    cost.size.0.saturating_sub(cost.size.1) / DERIVES as u64
}

fn report(rounds: usize, benches: &Path, cost: &measure::Cost, derive: &clean::Clean) -> String {
    let mut text = format!(
        "# What {DERIVES} derives cost\n\n\
         Written by `benches/derives/run`: {}, {}, {} cores, {}, commit {}. Times are the processor's, \
         the best of {rounds} rounds in which the crates take turns.\n\n\
         | | with {DERIVES} derives | the same crate without | added | bar | holds |\n|---|---|---|---|---|---|\n",
        here::date(),
        here::processor(),
        std::thread::available_parallelism().map_or(1, usize::from),
        here::said("rustc", &["--version"]),
        here::commit(benches),
    );
    let mut row = |what: &str, with: String, without: String, added: String, bar: String, holds| {
        let holds = match holds {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "-",
        };
        // Writing into a `String` does not fail.
        let _ = writeln!(text, "| {what} | {with} | {without} | {added} | {bar} | {holds} |");
    };
    row(
        "`cargo check`",
        seconds(cost.check.with),
        seconds(cost.check.without),
        seconds(cost.check.added()),
        format!("at most {}", seconds(CHECK)),
        Some(cost.check.added() <= CHECK),
    );
    row(
        "`cargo build`",
        seconds(cost.build.with),
        seconds(cost.build.without),
        seconds(cost.build.added()),
        "-".to_owned(),
        None,
    );
    row(
        "size of the debug program",
        bytes(cost.size.0),
        bytes(cost.size.1),
        format!("{} each", bytes(per_derive(cost))),
        format!("less than {} each", bytes(BYTES)),
        Some(per_derive(cost) < BYTES),
    );
    let _ = writeln!(
        text,
        "\n# What the derive takes to build\n\n\
         `cargo build --package ferogram-session-derive` into an empty folder: {}, {} crates.\n\n\
         | feature of syn | without it |\n|---|---|",
        seconds(derive.time),
        derive.crates,
    );
    for feature in &derive.features {
        let outcome = if feature.needed { "does not compile" } else { "**compiles: not needed**" };
        let _ = writeln!(text, "| `{}` | {outcome} |", feature.name);
    }
    text
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.2} MB", bytes as f64 / 1e6),
    }
}
