//! How a command ends when it does not do what it was asked.

use crate::words;
use ferogram_session::SessionError;
use std::io;
use std::process::ExitCode;

/// What the exit code says; README.md has the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    Failed = 1,
    Usage = 2,
    NoSession = 3,
    AnotherSession = 4,
    ToMend = 5,
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code as u8)
    }
}

#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: Code,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Code::Usage, message)
    }

    pub(crate) fn no_session(message: impl Into<String>) -> Self {
        Self::new(Code::NoSession, message)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        // How `copy` says that there is nothing to copy, or something in the way.
        let code = match (SessionError::of(&error), error.kind()) {
            (Some(SessionError::Config(_)), io::ErrorKind::NotFound) => Code::NoSession,
            (Some(SessionError::Config(_)), io::ErrorKind::AlreadyExists) => Code::AnotherSession,
            _ => Code::Failed,
        };
        Self::new(code, words::of_the_tool(&error.to_string(), SessionError::of(&error)))
    }
}
