//! What a user writes for a place, and what is said of what is none.

use crate::failure::Failure;
use crate::place::{Hidden, Place, variable};
use crate::query::{self, Query};
use crate::schemes::{self, SCHEMES};
use ferogram_session::PersistedSession;
use std::env;
use std::path::PathBuf;

pub(crate) fn place(text: &str) -> Result<Place, Failure> {
    let Some((scheme, rest)) = text.split_once(':') else { return Err(no_scheme(text)) };
    let session = |known: &[&str]| {
        if !rest.starts_with("//") {
            let example = schemes::nearest(scheme).map_or("", |scheme| scheme.example);
            return Err(Failure::usage(format!("{scheme}: takes a URL, as in {example}")));
        }
        Query::of(text, known).map(|query| (Hidden(query.rest), query.session))
    };
    match scheme {
        "file" | "redb" if rest.rsplit_once('?').is_some_and(|(_, query)| query.contains('=')) => {
            Err(Failure::usage(format!(
                "{scheme}: takes no parameter: such a file holds one session, and its name is all"
            )))
        }
        "file" => path(scheme, rest).map(Place::File),
        "redb" => path(scheme, rest).map(Place::Redb),
        "string" if rest == "-" => Ok(Place::Stdio),
        "string" if rest.is_empty() => Err(Failure::usage(
            "string: is empty; write string:- for standard input and output, or env:NAME",
        )),
        "string" => Ok(Place::Text(Hidden(rest.to_owned()))),
        "env" if rest.is_empty() => Err(Failure::usage("env: needs the name of a variable")),
        "env" => Ok(Place::Environment(rest.to_owned())),
        "sqlite" => database(scheme, rest).map(|(path, session)| Place::Sqlite(path, session)),
        "libsql" if rest.starts_with("//") && !rest.starts_with("///") => server(text),
        "libsql" => database(scheme, rest).map(|(path, session)| Place::LibSql(path, session)),
        "libsql+http" | "libsql+https" => server(text.trim_start_matches("libsql+")),
        "redis" | "rediss" => {
            session(query::REDIS).map(|(url, session)| Place::Redis(url, session))
        }
        "postgres" | "postgresql" => {
            session(query::POSTGRES).map(|(url, session)| Place::Postgres(url, session))
        }
        "s3" => session(query::S3).map(|(url, session)| Place::S3(url, session)),
        _ => Err(unknown(scheme, text)),
    }
}

fn server(url: &str) -> Result<Place, Failure> {
    let query = Query::of(url, query::LIBSQL)?;
    let token = match &query.token_env {
        Some(name) => variable(name)?,
        None => env::var("LIBSQL_AUTH_TOKEN").unwrap_or_default(),
    };
    Ok(Place::LibSqlServer {
        url: Hidden(query.rest),
        token: Hidden(token.trim().to_owned()),
        session: query.session,
        replica: query.replica,
    })
}

fn database(scheme: &str, rest: &str) -> Result<(PathBuf, String), Failure> {
    let query = Query::of(rest, query::DATABASE)?;
    Ok((path(scheme, &query.rest)?, query.session))
}

/// The path behind a scheme, as it stands there: nothing in it is escaped.
fn path(scheme: &str, rest: &str) -> Result<PathBuf, Failure> {
    let wrong = |what: &str| Err(Failure::usage(format!("{scheme}: {what}")));
    if let Some(path) = rest.strip_prefix("//") {
        return match path.strip_prefix('/') {
            Some(_) => Ok(path.into()),
            None => wrong(&format!("takes a path, not a host: did you mean {scheme}:{path}?")),
        };
    }
    if rest.is_empty() {
        return wrong("the path is missing");
    }
    if let Some(path) = rest.strip_prefix("~/") {
        return wrong(&format!(
            "the shell does not expand ~ here: did you mean {scheme}:$HOME/{path}?"
        ));
    }
    Ok(rest.into())
}

fn no_scheme(text: &str) -> Failure {
    // Whoever pasted a string session should not find it in a log.
    if PersistedSession::from_string(text).is_ok() || text.len() > 200 {
        return Failure::usage(
            "this looks like a string session; give it to string:-, or in a variable to env:NAME",
        );
    }
    let mean = if text.is_empty() { SCHEMES[0].example.to_owned() } else { format!("file:{text}") };
    Failure::usage(format!(
        "a place begins with its kind: did you mean {mean}?\n{}",
        schemes::list()
    ))
}

fn unknown(scheme: &str, text: &str) -> Failure {
    let plain = scheme.len() <= 20
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let mean = match schemes::nearest(scheme) {
        // A drive of Windows.
        _ if scheme.len() == 1 => format!(": did you mean file:{text}?"),
        Some(near) if plain => format!(": did you mean `{}`, as in {}?", near.name, near.example),
        _ => String::new(),
    };
    let shown =
        if plain { format!("`{scheme}`") } else { "what stands before the colon".to_owned() };
    Failure::usage(format!("{shown} is no kind of place{mean}\n{}", schemes::list()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        Place::parse(text).unwrap_err().message
    }

    #[test]
    fn places() {
        let of = |text: &str| Place::parse(text).unwrap();
        let (db, bot) = (PathBuf::from("a b.db"), "a bot".to_owned());
        assert_eq!(of("file:bot?.session"), Place::File("bot?.session".into()));
        assert_eq!(of("file:///var/bot.session"), Place::File("/var/bot.session".into()));
        assert_eq!(of("sqlite:a b.db?session=a%20bot"), Place::Sqlite(db, bot));
        assert_eq!(of("libsql:/a.db"), Place::LibSql("/a.db".into(), "default".into()));
        assert_eq!(of("string:-"), Place::Stdio);
        assert_eq!(of("env:BOT"), Place::Environment("BOT".into()));
        let url = Hidden("redis://me:pw@h/0?protocol=resp3".into());
        let redis = of("redis://me:pw@h/0?protocol=resp3&session=x");
        assert_eq!(redis, Place::Redis(url, "x".into()));
        assert_eq!(redis.shown(), "redis://h/0?session=x");
        for (text, url) in [
            ("libsql://h?session=b", "libsql://h"),
            ("libsql+http://h:1/x?session=b", "http://h:1/x"),
            ("libsql+https://h?session=b", "https://h"),
        ] {
            assert!(matches!(of(text), Place::LibSqlServer { url: found, session, .. }
                    if found.0 == url && session == "b"));
            // What is shown is a place again.
            assert_eq!(of(&of(text).shown()), of(text));
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_what_was_meant() {
        for (text, part) in [
            ("bot.session", "did you mean file:bot.session?"),
            ("", "did you mean file:bot.session?"),
            ("reddis://h", "`reddis` is no kind of place: did you mean `redis`, as in redis://"),
            ("sqlite3:x.db", "did you mean `sqlite`"),
            ("mongodb://h", "`mongodb` is no kind of place"),
            (r"C:\bot.session", r"did you mean file:C:\bot.session?"),
            ("file:", "the path is missing"),
            ("file://bot.session", "did you mean file:bot.session?"),
            ("file:~/bot.session", "did you mean file:$HOME/bot.session?"),
            ("sqlite:x.db?name=bot", "unknown parameter `name`; there is `session`"),
            ("redis://h?sesion=bot", "unknown parameter `sesion`, did you mean `session`?"),
            ("libsql://h?sesion=bot", "did you mean `session`?"),
            ("postgres://h/db?sslmod=disable", "`sslmod`, did you mean `sslmode`?"),
            ("s3://bucket?region=eu", "unknown parameter `region`"),
            ("libsql://h?authToken=secret", "LIBSQL_AUTH_TOKEN"),
            ("file:bot.session?session=bot", "file: takes no parameter"),
            ("redb:bot.redb?session=bot", "redb: takes no parameter"),
            ("s3:bucket", "s3: takes a URL, as in s3://bucket/folder"),
            ("redis:localhost", "redis: takes a URL"),
            ("sqlite:x.db?session=", "the parameter `session` needs a value"),
            ("sqlite:x.db?session=%FF", "the parameter `session` needs a value"),
            ("@NO_SUCH_VARIABLE", "NO_SUCH_VARIABLE is not set"),
            ("string:", "string:-"),
        ] {
            assert!(wrong(text).contains(part), "{text}: {}", wrong(text));
        }
        // The list of what there is.
        assert!(wrong("x://").contains(SCHEMES[11].example));
    }
}
