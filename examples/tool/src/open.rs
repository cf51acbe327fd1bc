//! A place as a backend.

use crate::failure::{Code, Failure};
use crate::kind;
use crate::place::{Place, variable};
use crate::text::plain;
use ferogram_session::{
    BinaryFileBackend, LibSqlBackend, PersistedSession, SessionBackend, SqliteBackend,
    StringSessionBackend,
};
use ferogram_session_postgres::PostgresBackend;
use ferogram_session_redb::RedbBackend;
use ferogram_session_redis::RedisBackend;
use ferogram_session_s3::S3Backend;
use std::io::{self, Read};
use std::sync::Arc;

/// A backend, and what else its place can do.
pub(crate) struct Opened {
    pub(crate) backend: Arc<dyn SessionBackend>,
    /// For messages.
    pub(crate) shown: String,
    /// Lists the sessions of the store, where it holds several.
    pub(crate) list: Option<List>,
    /// The string that was read, if it was one.
    pub(crate) text: Option<String>,
}

/// Of a string session that cannot be read.
pub(crate) const CUT_OFF: &str = "is the whole string there, or was it cut off?";

impl Opened {
    pub(crate) fn load(&self) -> Result<Option<PersistedSession>, Failure> {
        self.backend.load().map_err(|error| {
            let mut failure = Failure::from(error);
            if self.text.is_some() {
                failure.message = format!("{}; {CUT_OFF}", failure.message);
            }
            failure
        })
    }

    /// There is no session, and what there is instead.
    pub(crate) fn nothing(&self, place: &Place) -> Failure {
        const SHOWN: usize = 10;
        let missing = place.file().is_some_and(|path| !path.exists());
        let others = self.list.as_ref().and_then(|list| list().ok()).unwrap_or_default();
        let what = match others.len() {
            _ if missing => "there is no such file".to_owned(),
            0 => "there is no session".to_owned(),
            count => {
                let names: Vec<String> =
                    others.iter().take(SHOWN).map(|name| plain(name)).collect();
                let more = if count > SHOWN { ", .." } else { "" };
                format!("there is no such session; there is session={}{more}", names.join(", "))
            }
        };
        Failure::no_session(format!("{}: {what}", self.shown))
    }
}

type List = Box<dyn Fn() -> io::Result<Vec<String>>>;

/// A session string is a few megabytes at most; a pipe may never end.
const MAX_STRING: u64 = 64 << 20;

/// A place to read from.
pub(crate) fn source(place: &Place) -> Result<Opened, Failure> {
    let text = match place {
        Place::Stdio => from_stdin()?,
        Place::Environment(name) => match variable(name)? {
            text if text.trim().is_empty() => {
                return Err(Failure::no_session(format!("env:{name}: the variable is empty")));
            }
            text => text,
        },
        Place::Text(text) => text.0.clone(),
        _ => return store(place),
    };
    let backend = Arc::new(StringSessionBackend::new(text.clone()));
    Ok(Opened { backend, shown: place.shown(), list: None, text: Some(text) })
}

/// A place to write to; what comes of a string is for the caller to print.
pub(crate) fn target(
    place: &Place,
) -> Result<(Opened, Option<Arc<StringSessionBackend>>), Failure> {
    match place {
        Place::Stdio => {
            let string = Arc::new(StringSessionBackend::new(""));
            let backend: Arc<dyn SessionBackend> = string.clone();
            Ok((Opened { backend, shown: place.shown(), list: None, text: None }, Some(string)))
        }
        Place::Environment(_) | Place::Text(_) => Err(Failure::usage(format!(
            "{}: nothing can be put there; string:- prints the string, to put away",
            place.shown()
        ))),
        _ => Ok((store(place)?, None)),
    }
}

fn store(place: &Place) -> Result<Opened, Failure> {
    kind::check(place)?;
    let shown = place.shown();
    let (backend, list): (Arc<dyn SessionBackend>, Option<List>) = match place {
        Place::Sqlite(path, session) => {
            let backend = Arc::new(SqliteBackend::new(path).session(session));
            (backend.clone(), Some(Box::new(move || backend.sessions())))
        }
        Place::LibSql(path, session) => {
            let backend = Arc::new(LibSqlBackend::new(path).session(session));
            (backend.clone(), Some(Box::new(move || backend.sessions())))
        }
        Place::LibSqlServer { url, token, session, replica } => {
            let server = match replica {
                Some(path) => LibSqlBackend::open_replica(path, &url.0, &token.0)?,
                None => LibSqlBackend::remote(&url.0, &token.0),
            };
            let backend = Arc::new(server.session(session));
            (backend.clone(), Some(Box::new(move || backend.sessions())))
        }
        Place::Redis(url, session) => {
            let backend = Arc::new(RedisBackend::new(&url.0, session));
            (backend.clone(), Some(Box::new(move || backend.sessions())))
        }
        Place::Postgres(url, session) => {
            let backend = Arc::new(PostgresBackend::new(&url.0, session));
            (backend.clone(), Some(Box::new(move || backend.sessions())))
        }
        Place::S3(url, session) => {
            let backend = Arc::new(S3Backend::new(&url.0, session));
            (backend.clone(), Some(Box::new(move || backend.sessions())))
        }
        Place::File(path) => (Arc::new(BinaryFileBackend::new(path)), None),
        Place::Redb(path) => (Arc::new(RedbBackend::new(path)), None),
        // Strings have been dealt with.
        Place::Stdio | Place::Environment(_) | Place::Text(_) => {
            (Arc::new(StringSessionBackend::new("")), None)
        }
    };
    Ok(Opened { backend, shown, list, text: None })
}

fn from_stdin() -> Result<String, Failure> {
    let mut text = String::new();
    let read = io::stdin().take(MAX_STRING).read_to_string(&mut text);
    read.map_err(|error| Failure::new(Code::Failed, format!("standard input: {error}")))?;
    if text.trim().is_empty() {
        return Err(Failure::no_session("string:-: standard input is empty"));
    }
    Ok(text)
}
