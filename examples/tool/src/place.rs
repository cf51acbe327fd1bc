//! Where a session is, and how it is called in messages.

use crate::failure::Failure;
use crate::output;
use crate::parse;
use std::env;
use std::path::{Path, PathBuf};

/// A place, as its scheme has it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Place {
    File(PathBuf),
    /// Standard input to read from, standard output to write to.
    Stdio,
    /// A string session in an environment variable.
    Environment(String),
    /// A string session on the command line.
    Text(Hidden),
    Sqlite(PathBuf, String),
    LibSql(PathBuf, String),
    LibSqlServer {
        url: Hidden,
        token: Hidden,
        session: String,
        /// Where a copy of it is kept.
        replica: Option<PathBuf>,
    },
    Redb(PathBuf),
    Redis(Hidden, String),
    Postgres(Hidden, String),
    S3(Hidden, String),
}

/// What may hold a password: not shown by `Debug`.
#[derive(PartialEq, Eq)]
pub(crate) struct Hidden(pub(crate) String);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("..")
    }
}

impl Place {
    /// Reads what the user wrote. Errors never quote a string session, nor
    /// what stands before the `@` or behind the `?` of a URL.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let Some(name) = text.strip_prefix('@') else {
            let place = parse::place(text)?;
            place.warn_of_secrets();
            return Ok(place);
        };
        let value = variable(name)?;
        if value.trim().is_empty() {
            return Err(Failure::usage(format!("the environment variable {name} is empty")));
        }
        parse::place(value.trim()).map_err(|failure| {
            Failure::usage(format!("in the variable {name}: {}", failure.message))
        })
    }

    /// The file that it is in, or a database in it.
    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) | Self::Sqlite(path, _) | Self::LibSql(path, _) | Self::Redb(path) => {
                Some(path)
            }
            _ => None,
        }
    }

    pub(crate) fn is_string(&self) -> bool {
        matches!(self, Self::Stdio | Self::Environment(_) | Self::Text(_))
    }

    /// Of a place that stands on the command line.
    fn warn_of_secrets(&self) {
        let (what, better) = match self {
            Self::Text(_) => ("a string session", "string:- or env:NAME"),
            Self::LibSqlServer { url, .. }
            | Self::Redis(url, _)
            | Self::Postgres(url, _)
            | Self::S3(url, _)
                if has_password(&url.0) =>
            {
                ("a password", "@NAME, and the URL in the environment variable NAME")
            }
            _ => return,
        };
        output::tell(&format!(
            "session-tool: {what} on the command line is seen by every user of this machine; \
             better: {better}"
        ));
    }

    /// For messages: without password, query and string session.
    pub(crate) fn shown(&self) -> String {
        let of = |scheme: &str, path: &PathBuf, session: &str| {
            format!("{scheme}:{}?session={session}", path.display())
        };
        match self {
            Self::File(path) => format!("file:{}", path.display()),
            Self::Redb(path) => format!("redb:{}", path.display()),
            Self::Stdio => "string:-".to_owned(),
            Self::Environment(name) => format!("env:{name}"),
            Self::Text(_) => "string:..".to_owned(),
            Self::Sqlite(path, session) => of("sqlite", path, session),
            Self::LibSql(path, session) => of("libsql", path, session),
            // Without this prefix it would be no place.
            Self::LibSqlServer { url, session, .. } if url.0.starts_with("http") => {
                format!("libsql+{}?session={session}", without_secrets(&url.0))
            }
            Self::LibSqlServer { url, session, .. }
            | Self::Redis(url, session)
            | Self::Postgres(url, session)
            | Self::S3(url, session) => {
                format!("{}?session={session}", without_secrets(&url.0))
            }
        }
    }
}

pub(crate) fn variable(name: &str) -> Result<String, Failure> {
    env::var(name).map_err(|error| {
        let what = match error {
            env::VarError::NotPresent => "is not set",
            env::VarError::NotUnicode(_) => "holds no text",
        };
        Failure::usage(format!("the environment variable {name} {what}"))
    })
}

fn has_password(url: &str) -> bool {
    let authority = url.split_once("://").map_or("", |(_, rest)| rest);
    authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
}

fn without_secrets(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    match url.split_once("://") {
        Some((scheme, rest)) => {
            let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
            format!("{scheme}://{rest}")
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ferogram_session::PersistedSession;

    fn wrong(text: &str) -> String {
        Place::parse(text).unwrap_err().message
    }

    #[test]
    fn no_error_shows_a_string_session_or_a_password() {
        let text = PersistedSession { home_dc_id: 2, ..Default::default() }.to_string();
        for place in [text.clone(), format!("{text}:x"), format!("strin:{text}")] {
            assert!(!wrong(&place).contains(&text), "{}", wrong(&place));
        }
        let error = wrong("rediss3://me:secret@h?token=secret");
        assert!(!error.contains("secret"), "{error}");
        for place in ["redis://me:pa?secret=x@h", "redis://me:pa?secret@h", "s3://b?secret"] {
            assert!(!wrong(place).contains("secret"), "{}", wrong(place));
        }
        let place = Place::parse("redis://me:secret@h?session=x").unwrap();
        assert!(!format!("{place:?} {}", place.shown()).contains("secret"));
    }
}
