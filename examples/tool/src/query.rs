//! What stands behind the `?` of a place.

use crate::failure::Failure;
use percent_encoding::percent_decode_str;
use std::path::PathBuf;

/// The parameters of each kind of place: those of this tool, and those that its
/// client reads in the URL. Any other is a mistake, and might have been a
/// `session`: then another session would be read, or written over.
pub(crate) const DATABASE: &[&str] = &["session"];
pub(crate) const LIBSQL: &[&str] = &["session", "token_env", "replica"];
pub(crate) const REDIS: &[&str] = &["session", "protocol"];
pub(crate) const S3: &[&str] = &["session"];
pub(crate) const POSTGRES: &[&str] = &[
    "session",
    "application_name",
    "channel_binding",
    "connect_timeout",
    "dbname",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "load_balance_hosts",
    "options",
    "password",
    "port",
    "sslmode",
    "sslnegotiation",
    "sslrootcert",
    "target_session_attrs",
    "tcp_user_timeout",
    "user",
];

/// A URL, and what of its query is for this tool.
pub(crate) struct Query {
    /// The URL with the rest of its query.
    pub(crate) rest: String,
    pub(crate) session: String,
    pub(crate) token_env: Option<String>,
    pub(crate) replica: Option<PathBuf>,
}

impl Query {
    pub(crate) fn of(url: &str, known: &[&str]) -> Result<Self, Failure> {
        let (before, query) = url.split_once('?').unwrap_or((url, ""));
        let mut found = Self {
            rest: before.to_owned(),
            session: "default".into(),
            token_env: None,
            replica: None,
        };
        let mut separator = '?';
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if !known.contains(&name) {
                return Err(unknown(name, query, known));
            }
            let decoded = || match percent_decode_str(value).decode_utf8() {
                Ok(value) if !value.is_empty() => Ok(value.into_owned()),
                _ => Err(Failure::usage(format!("the parameter `{name}` needs a value"))),
            };
            match name {
                "session" => found.session = decoded()?,
                "token_env" => found.token_env = Some(decoded()?),
                "replica" => found.replica = Some(decoded()?.into()),
                _ => {
                    found.rest.push(separator);
                    found.rest.push_str(pair);
                    separator = '&';
                }
            }
        }
        Ok(found)
    }
}

fn unknown(name: &str, query: &str, known: &[&str]) -> Failure {
    // A `?` in a password ends the address, and what follows is no name.
    if query.contains('@') {
        return Failure::usage(
            "what stands behind the `?` is no parameter; in a password `?` is written %3F",
        );
    }
    if name == "authToken" {
        return Failure::usage(
            "the token of a libSQL server is taken from the variable LIBSQL_AUTH_TOKEN, or from \
             the one that token_env=NAME names",
        );
    }
    let plain = name.len() <= 20 && name.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
    let written = query.split('&').any(|pair| pair.split_once('=').is_some_and(|p| p.0 == name));
    let shown = if plain && written { format!(" `{name}`") } else { String::new() };
    let score = |known: &&&str| strsim::jaro_winkler(known, name);
    let near = known.iter().max_by(|a, b| score(a).total_cmp(&score(b)));
    let help = match near.filter(|near| score(near) > 0.8) {
        Some(near) => format!(", did you mean `{near}`?"),
        None => format!("; there is `{}`", known.join("`, `")),
    };
    Failure::usage(format!("unknown parameter{shown}{help}"))
}
