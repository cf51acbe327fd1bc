use crate::failure::{Code, Failure};
use crate::open::{self, Opened};
use crate::place::Place;
use crate::progress::{Watched, bar};
use ferogram_session::{CopyOptions, CopyOutcome};
use std::process::ExitCode;
use std::sync::Arc;

pub(crate) fn run(from: &str, to: &str, overwrite: bool) -> Result<ExitCode, Failure> {
    let (from, to) = (Place::parse(from)?, Place::parse(to)?);
    if from == to {
        return Err(Failure::usage("both places are the same"));
    }
    let (target, string) = open::target(&to)?;
    let source = open::source(&from)?;
    let bar = bar();
    let watch = |opened: &Opened| Watched {
        backend: Arc::clone(&opened.backend),
        shown: opened.shown.clone(),
        bar: bar.clone(),
    };
    let copied = CopyOptions::new().overwrite(overwrite).copy(&watch(&source), &watch(&target));
    bar.finish_and_clear();
    let copied = copied.map_err(|error| {
        let mut failure = Failure::from(error);
        if failure.code == Code::AnotherSession {
            failure.message.push_str("; here: --overwrite");
        }
        failure
    })?;
    match string {
        // The string is what was asked for: it alone goes to standard output.
        Some(string) => {
            println!("{}", string.current());
            eprintln!("{copied}");
        }
        None => println!("{copied}"),
    }
    if copied.outcome != CopyOutcome::AlreadyThere {
        eprintln!(
            "Use one of the two only: from two places at once Telegram ends the login \
             (AUTH_KEY_DUPLICATED)."
        );
    }
    Ok(ExitCode::SUCCESS)
}
