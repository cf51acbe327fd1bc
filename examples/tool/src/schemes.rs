//! Which kinds of places there are: the one list, for help and for errors.

/// A kind of place.
pub(crate) struct Scheme {
    pub(crate) name: &'static str,
    pub(crate) example: &'static str,
    about: &'static str,
}

const fn scheme(name: &'static str, example: &'static str, about: &'static str) -> Scheme {
    Scheme { name, example, about }
}

pub(crate) const SCHEMES: [Scheme; 12] = [
    scheme("file", "file:bot.session", "a session file"),
    scheme("string", "string:-", "a string session: from standard input, or to standard output"),
    scheme("env", "env:BOT_SESSION", "a string session in an environment variable; to read only"),
    scheme("sqlite", "sqlite:sessions.db?session=bot", "an SQLite file"),
    scheme("libsql", "libsql:sessions.db?session=bot", "a libSQL file"),
    scheme(
        "libsql",
        "libsql://bots.example.io?session=bot",
        "a libSQL server, also libsql+http://; its token is in LIBSQL_AUTH_TOKEN, or in the \
         variable that token_env=NAME names",
    ),
    scheme(
        "libsql",
        "libsql://bots.example.io?session=bot&replica=copy.db",
        "the same, read through a copy in a file",
    ),
    scheme("redb", "redb:bot.redb", "a redb file"),
    scheme("redis", "redis://localhost/0?session=bot", "Redis"),
    scheme("rediss", "rediss://cache.example.io?session=bot", "Redis over TLS"),
    scheme("postgres", "postgres://me@localhost/bots?session=bot", "Postgres"),
    scheme(
        "s3",
        "s3://bucket/folder?session=bot",
        "S3; region, endpoint and keys as AWS_.. variables",
    ),
];

/// The list, a line for each.
pub(crate) fn list() -> String {
    let width = SCHEMES.iter().map(|scheme| scheme.example.len()).max().unwrap_or(0);
    let line = |scheme: &Scheme| format!("  {:width$}  {}\n", scheme.example, scheme.about);
    SCHEMES.iter().map(line).collect()
}

pub(crate) fn help() -> String {
    format!(
        "Places:\n{}  {}\n\nWithout `session=` it is the session `default`.\n\n\
         Exit codes: 0 done, 1 failed, 2 wrong usage, 3 no session there, 4 another session \
         there, 5 something to mend.",
        list(),
        "@NAME: any of these, from the environment variable NAME, for URLs with a password"
    )
}

/// The known scheme that `name` was probably meant to be.
pub(crate) fn nearest(name: &str) -> Option<&'static Scheme> {
    let name = name.to_lowercase();
    let score = |scheme: &Scheme| strsim::jaro_winkler(scheme.name, &name);
    let best = SCHEMES.iter().max_by(|a, b| score(a).total_cmp(&score(b)))?;
    (score(best) > 0.75).then_some(best)
}
