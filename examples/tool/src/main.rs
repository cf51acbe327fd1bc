//! Copies sessions between stores, and tells what is in them and whether they
//! are whole. What it takes and gives is in README.md.

mod copy;
mod doctor;
mod failure;
mod inspect;
mod kind;
mod list;
mod open;
mod output;
mod parse;
mod place;
mod progress;
mod query;
mod schemes;
mod text;
mod words;

use clap::{Parser, Subcommand};
use doctor::Mend;
use failure::Failure;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "session-tool", version, about = "Telegram sessions: what is in them, and from store to store", after_long_help = schemes::help())]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Copies a session to another store, and reads it back to see that it is whole there
    Copy {
        /// Where it is
        from: String,
        /// Where it is to go
        to: String,
        /// Put it in the place of another session
        #[arg(long)]
        overwrite: bool,
    },
    /// Shows what a session holds, without its secrets
    Inspect {
        /// Where it is
        place: String,
    },
    /// Lists the sessions of a store
    Sessions {
        /// The store
        place: String,
    },
    /// Looks whether a session is whole, private and free, and says how to mend what is not
    Doctor {
        /// Where it is
        place: String,
        /// Mend a damaged file: the damaged one is kept beside it
        #[arg(long)]
        recover: bool,
        /// Mend it even from a login that its own checksum contradicts: its key may be wrong
        #[arg(long, requires = "recover")]
        unchecked: bool,
    },
}

fn run(command: &Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Copy { from, to, overwrite } => copy::run(from, to, *overwrite),
        Command::Inspect { place } => inspect::run(place),
        Command::Sessions { place } => list::run(place),
        Command::Doctor { place, recover, unchecked } => {
            let from = if *unchecked { Mend::Unchecked } else { Mend::Checked };
            doctor::run(place, recover.then_some(from))
        }
    }
}

fn main() -> ExitCode {
    // A wrong command line ends here, with code 2.
    let arguments = Arguments::parse();
    match run(&arguments.command) {
        Ok(code) => code,
        Err(failure) => {
            if !failure.message.is_empty() {
                output::tell(&format!("session-tool: {}", failure.message));
            }
            failure.code.into()
        }
    }
}
