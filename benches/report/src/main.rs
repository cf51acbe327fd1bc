//! Runs every measurement against both crates in turn, and writes one table
//! and one plot.
//!
//! ```text
//! benches/run [--quick] [--rounds N]
//! ```

mod bars;
mod build;
mod format;
mod here;
mod instructions;
mod limits;
mod machine;
mod network;
mod plot;
mod programs;
mod reasons;
mod results;
mod short;
#[cfg(test)]
mod shown;
mod syscalls;
mod table;

use bars::Check;
use machine::{Before, Machine};
use programs::{Plan, Programs};
use std::io;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut plan = Plan::THOROUGH;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match (argument.as_str(), &plan) {
            ("--quick", _) => plan = Plan::QUICK,
            ("--rounds", _) => match arguments.next().and_then(|rounds| rounds.parse().ok()) {
                Some(0) | None => return usage(),
                Some(rounds) => plan.rounds = rounds,
            },
            _ => return usage(),
        }
    }
    match run(&plan) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("benches/run: {error}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprintln!(
        "usage: benches/run [--quick] [--rounds N]\n\n\
         Measures this crate and ferogram-session 0.6.6 in turn, in N rounds of some three minutes (6; one with \
         --quick, at least one), and writes results.md, the plot of the guide and the table in the README anew."
    );
    ExitCode::from(2)
}

/// Whether every bar holds, or is missed for a reason that is known.
fn run(plan: &Plan) -> io::Result<bool> {
    let before = Before::look();
    let benches = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let networks = network::read(&benches.join(".."))?;
    let programs = Programs::build(&benches)?;
    let mut machine = Machine::look(&programs, &before);
    let instructions = instructions::count(&programs, plan.counted_calls)?;
    let syscalls = syscalls::count(&programs)?;
    let builds = build::compare(&programs, plan.builds)?;
    let results = programs.measure(plan)?;
    machine.steal = before.steal();

    let checks = bars::check(&results, &instructions, &networks);
    let short = short::table(&results, &machine);
    let text = table::write(&table::Measured {
        results: &results,
        checks: &checks,
        instructions: &instructions,
        builds: &builds,
        syscalls: &syscalls,
        networks: &networks,
        machine: &machine,
        short: &short,
        plan,
    });
    print!("{text}");
    std::fs::write(benches.join("results.md"), text)?;
    let guide = benches.join("../ferogram-session/src/guide");
    std::fs::write(guide.join("cost.svg"), plot::draw(&results))?;
    short::put(&benches.join("../README.md"), &short)?;

    let unexplained: Vec<_> =
        checks.iter().filter(|check| !check.holds && check.limit.is_none()).collect();
    for check in &unexplained {
        let Check { what, peers, comes_to, bar, .. } = check;
        eprintln!("missed, and no limit says why: {what}, {peers} peers: {comes_to}, {bar}");
    }
    let slower = table::unexplained(&results);
    slower.iter().for_each(|name| eprintln!("slower than 0.6.6, and nothing says why: {name}"));
    Ok(unexplained.is_empty() && slower.is_empty())
}
