//! A URL of a database, or the keywords of one, as people paste it.

use crate::tls::Check;
use tokio_postgres::config::{Config, SslMode};

/// A URL that is none, and why: in words that do not quote it.
#[derive(Clone, Copy)]
pub(crate) struct Wrong(pub(crate) &'static str);

/// What libpq, poolers and other clients know, and needs nothing here: text is
/// UTF-8, nothing is prepared, Kerberos is not spoken.
const NEEDLESS: [&str; 8] = [
    "gssencmode",
    "pgbouncer",
    "pool_timeout",
    "connection_limit",
    "client_encoding",
    "sslcompression",
    "sslsni",
    "fallback_application_name",
];

/// What would be something else if it were left out.
const REFUSED: [(&str, &str); 8] = [
    (
        "sslcert",
        "sslcert= is not known here; give a client's certificate to `PostgresConfig::config_with_tls`",
    ),
    (
        "sslkey",
        "sslkey= is not known here; give a client's certificate to `PostgresConfig::config_with_tls`",
    ),
    (
        "sslcrl",
        "sslcrl= is not known here; check in a connector for `PostgresConfig::config_with_tls`",
    ),
    ("passfile", "passfile= is not known here; write the password into the URL"),
    ("service", "service= is not known here; write host, port, user and database into the URL"),
    ("require_auth", "require_auth= is not known here"),
    ("schema", "schema= is not known here; use `PostgresConfig::schema`"),
    ("replication", "replication= is not for sessions"),
];

/// Takes out what `tokio-postgres` does not know, and leaves it the rest. Its
/// own words would quote the part of a password that it could not make sense of.
pub(crate) fn parse(url: &str) -> Result<(Config, Check), Wrong> {
    let is_url = ["postgres://", "postgresql://"].iter().any(|start| url.starts_with(start));
    let (address, parameters, between) = match url.split_once('?') {
        Some((address, query)) if is_url => (address, query.split('&').collect(), "&"),
        _ if is_url => (url, vec![], "&"),
        // Keywords; what is in quotes may hold anything, and is left as it is.
        _ if url.contains(['\'', '\\']) => (url, vec![], " "),
        _ => ("", url.split_whitespace().collect::<Vec<_>>(), " "),
    };
    let mut rest = Vec::new();
    let (mut full, mut authorities) = (false, None);
    for parameter in parameters.into_iter().filter(|parameter| !parameter.is_empty()) {
        match parameter.split_once('=') {
            Some(("sslmode", "verify-full")) => full = true,
            Some(("sslmode", "verify-ca")) => {
                return Err(Wrong("sslmode=verify-ca accepts any host; use verify-full"));
            }
            // What encrypts only if it must encrypts if it can.
            Some(("sslmode", "allow")) => {}
            Some(("sslrootcert", "system")) => full = true,
            Some(("sslrootcert", path)) if is_url => {
                let path = ferogram_session::unescape_key(path);
                authorities = Some(path.ok_or(Wrong("sslrootcert is not a path"))?);
            }
            Some(("sslrootcert", path)) => authorities = Some(path.to_owned()),
            Some((name, _)) if NEEDLESS.contains(&name) => {}
            Some((name, _)) => match REFUSED.iter().find(|(refused, _)| *refused == name) {
                Some((_, why)) => return Err(Wrong(why)),
                None => rest.push(parameter),
            },
            None => rest.push(parameter),
        }
    }
    let rest = rest.join(between);
    let known = match (is_url, rest.as_str()) {
        (_, "") => address.to_owned(),
        (true, rest) => format!("{address}?{rest}"),
        (false, rest) => rest.to_owned(),
    };
    let mut config: Config = known.parse().map_err(|_| Wrong("it cannot be read"))?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return Err(Wrong("it names no host"));
    }
    // Unencrypted, nothing would be checked.
    if full || authorities.is_some() {
        config.ssl_mode(SslMode::Require);
    }
    let check = match authorities {
        Some(path) => Check::Signed(path.into()),
        None if full => Check::SignedForSystem,
        None => Check::Nothing,
    };
    Ok((config, check))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn read(url: &str) -> (Config, Check) {
        parse(url).unwrap_or_else(|Wrong(why)| panic!("{why}"))
    }

    #[test]
    fn what_is_ours_is_taken_out_of_a_url() {
        let (config, check) = read(
            "postgres://u:p@h:1/d?sslmode=verify-full&sslrootcert=%2Ftmp%2Fmy%20ca.pem&connect_timeout=3",
        );
        assert_eq!(check, Check::Signed("/tmp/my ca.pem".into()));
        assert_eq!(config.get_ssl_mode(), SslMode::Require);
        assert_eq!(config.get_connect_timeout(), Some(&Duration::from_secs(3)));
        assert_eq!(read("postgres://h/d?sslmode=verify-full").1, Check::SignedForSystem);
        let (config, check) = read("postgresql://h/d?sslmode=disable");
        assert_eq!((config.get_ssl_mode(), check), (SslMode::Disable, Check::Nothing));
        assert_eq!(read("host=h dbname=d").0.get_dbname(), Some("d"));
    }

    #[test]
    fn what_others_know_is_taken_or_refused_by_name() {
        for (url, check) in [
            ("postgres://h/d?pgbouncer=true&connection_limit=1&pool_timeout=3", Check::Nothing),
            ("postgres://h/d?sslmode=allow&gssencmode=disable", Check::Nothing),
            ("postgres://h/d?sslmode=verify-full&sslrootcert=system", Check::SignedForSystem),
            ("postgres://h/d?sslmode=verify-full&sslnegotiation=direct", Check::SignedForSystem),
            ("host=h dbname=d sslmode=verify-full", Check::SignedForSystem),
            (
                "host=h dbname=d sslrootcert=/ca.pem gssencmode=disable",
                Check::Signed("/ca.pem".into()),
            ),
        ] {
            let (config, found) = read(url);
            assert_eq!((config.get_dbname(), &found), (Some("d"), &check), "{url}");
            let required = config.get_ssl_mode() == SslMode::Require;
            assert_eq!(required, check != Check::Nothing, "{url}");
        }
        for (name, _) in REFUSED {
            for url in [format!("postgres://h/d?{name}=x"), format!("host=h {name}=x")] {
                let Err(Wrong(why)) = parse(&url) else { panic!("{url}") };
                assert!(why.contains(name), "{why}");
            }
        }
        // Quoted, a mode that checks is not one that does not.
        assert!(parse("host=h password='a b' sslmode=verify-full").is_err());
    }
}
