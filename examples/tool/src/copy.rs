use crate::failure::{Code, Failure};
use crate::open::{self, CUT_OFF, Opened};
use crate::output;
use crate::place::Place;
use crate::progress::{Watched, bar};
use ferogram_session::{CopyOptions, CopyOutcome, PersistedSession};
use std::process::ExitCode;
use std::sync::Arc;

pub(crate) fn run(from: &str, to: &str, overwrite: bool) -> Result<ExitCode, Failure> {
    let (from, to) = (Place::parse(from)?, Place::parse(to)?);
    if from == to {
        return Err(Failure::usage("both places are the same"));
    }
    let (target, string) = open::target(&to)?;
    if string.is_some() {
        output::is_open()?;
    }
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
        let failure = Failure::from(error);
        match (failure.code, &source.text) {
            (Code::NoSession, _) => source.nothing(&from),
            (Code::Failed, Some(text)) if PersistedSession::from_string(text.trim()).is_err() => {
                Failure { message: format!("{}; {CUT_OFF}", failure.message), ..failure }
            }
            _ => failure,
        }
    })?;
    match string {
        // The string is what was asked for: it alone goes to standard output,
        // and is copied when it is there.
        Some(string) => {
            output::print(&format!("{}\n", string.current()))?;
            output::tell(&copied.to_string());
        }
        None => output::print(&format!("{copied}\n"))?,
    }
    if copied.outcome != CopyOutcome::AlreadyThere {
        output::tell(
            "Use one of the two only: from two places at once Telegram ends the login \
             (AUTH_KEY_DUPLICATED).",
        );
    }
    Ok(ExitCode::SUCCESS)
}
