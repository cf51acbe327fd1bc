use crate::failure::{Code, Failure};
use crate::open;
use crate::output;
use crate::place::Place;
use crate::text::plain;
use std::process::ExitCode;

pub(crate) fn run(place: &str) -> Result<ExitCode, Failure> {
    let place = Place::parse(place)?;
    let opened = open::source(&place)?;
    let Some(list) = opened.list else {
        let message = format!("{} holds one session; `inspect` shows it", opened.shown);
        return Err(Failure::new(Code::Usage, message));
    };
    let mut lines = String::new();
    for session in list()? {
        lines.push_str(&plain(&session));
        lines.push('\n');
    }
    if lines.is_empty() && place.file().is_some_and(|path| !path.exists()) {
        return Err(Failure::no_session(format!("{}: there is no such file", opened.shown)));
    }
    output::print(&lines)?;
    Ok(ExitCode::SUCCESS)
}
