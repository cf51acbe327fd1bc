use crate::failure::{Code, Failure};
use crate::open;
use crate::place::Place;
use crate::text::plain;
use std::process::ExitCode;

pub(crate) fn run(place: &str) -> Result<ExitCode, Failure> {
    let opened = open::source(&Place::parse(place)?)?;
    let Some(list) = opened.list else {
        let message = format!("{} holds one session; `inspect` shows it", opened.shown);
        return Err(Failure::new(Code::Usage, message));
    };
    for session in list()? {
        println!("{}", plain(&session));
    }
    Ok(ExitCode::SUCCESS)
}
