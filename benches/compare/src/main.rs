//! Measures the crate that it is built against.
//!
//! ```text
//! compare GROUP SIZE PLACE MILLISECONDS [MINUTES]
//! ```
//!
//! The group is `native`, a backend, `held`, or `day/` and a backend; the place
//! is a folder for files; each measurement goes on for so many milliseconds. The runner in `report` calls this, and reads what it prints.
//! To profile one measurement, name it in the environment: `ONLY="file/qts"`; with `CALLS=1000` that many calls are made and nothing is
//! measured.

mod backends;
#[cfg(feature = "caches")]
mod caches;
mod calls;
mod day;
#[cfg(all(feature = "caches", feature = "sqlite"))]
mod floors;
mod fresh;
mod granular;
mod heap;
mod held;
mod measure;
mod native;
mod session;
mod starts;
#[cfg(feature = "caches")]
mod stores;
mod strings;

use backends::Kind;
use measure::Bench;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [group, size, place, budget, rest @ ..] = arguments.as_slice() else {
        eprintln!("usage: compare GROUP SIZE PLACE MILLISECONDS [MINUTES]");
        return ExitCode::from(2);
    };
    let number = |text: &str| text.parse::<u64>().expect("a number");
    let bench = Bench {
        budget: Duration::from_millis(number(budget)),
        size: number(size) as usize,
        only: std::env::var("ONLY").ok(),
        calls: std::env::var("CALLS").ok().map(|calls| number(&calls) as usize),
    };
    let place = PathBuf::from(place);
    if let Some(done) = fresh::run(group, bench.size, place.clone()) {
        return exit(group, size, done);
    }
    let session = session::client_like(bench.size);
    let kind = |name: &str| Kind::ALL.iter().copied().find(|kind| kind.name() == name);
    let minutes = rest.first().map_or(60, |minutes| number(minutes) as u32);
    let done = match (group.as_str(), group.strip_prefix("day/")) {
        ("native", _) => native::run(&bench, &session),
        #[cfg(all(feature = "caches", feature = "sqlite"))]
        ("floors", _) => floors::run(&bench, &session, &place),
        ("held", _) => held::run(&bench, &session, &place),
        (_, Some(name)) => match kind(name) {
            Some(kind) => day::run(&bench, kind, session, &place, minutes),
            None => Ok(()),
        },
        (name, None) => match kind(name) {
            Some(kind) => calls::run(&bench, kind, &session, &place),
            // Not in this build.
            None => Ok(()),
        },
    };
    exit(group, size, done)
}

fn exit(group: &str, size: &str, done: std::io::Result<()>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{group}, {size} peers: {error}");
            ExitCode::FAILURE
        }
    }
}
