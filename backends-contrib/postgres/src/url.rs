//! A URL of a database, or the keywords of one, as people paste it.

use crate::keywords::{self, Parameters};
use crate::tls::{Authorities, Check};
use tokio_postgres::config::{Config, SslMode};

/// A URL that is none, and why: in words that do not quote it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wrong(pub(crate) &'static str);

/// What libpq, poolers and other clients know, and needs nothing here: text is
/// UTF-8, nothing is prepared, Kerberos is not spoken.
const NEEDLESS: [&str; 11] = [
    "gssencmode",
    "gssdelegation",
    "gsslib",
    "krbsrvname",
    "pgbouncer",
    "pool_timeout",
    "connection_limit",
    "client_encoding",
    "sslcompression",
    "sslsni",
    "fallback_application_name",
];

/// What would be something else if it were left out.
const REFUSED: [(&str, &str); 14] = [
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
    (
        "sslcrldir",
        "sslcrldir= is not known here; check in a connector for `PostgresConfig::config_with_tls`",
    ),
    (
        "sslpassword",
        "sslpassword= is not known here; give a client's certificate to `PostgresConfig::config_with_tls`",
    ),
    ("sslcertmode", "sslcertmode= is not known here; no certificate of a client is shown"),
    (
        "ssl_min_protocol_version",
        "ssl_min_protocol_version= is not known here; it is TLS 1.2, unless a connector for \
         `PostgresConfig::config_with_tls` says something else",
    ),
    (
        "ssl_max_protocol_version",
        "ssl_max_protocol_version= is not known here; use a connector for `PostgresConfig::config_with_tls`",
    ),
    ("requirepeer", "requirepeer= is not known here; guard the folder of the socket instead"),
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
    let (address, given) = if is_url { parameters(url)? } else { ("", keywords::read(url)?) };
    let mut rest = Vec::new();
    let (mut full, mut authorities) = (false, None);
    for (name, value) in given {
        match (name, value.as_str()) {
            ("sslmode", "verify-full") => full = true,
            ("sslmode", "verify-ca") => {
                return Err(Wrong("sslmode=verify-ca accepts any host; use verify-full"));
            }
            // What encrypts only if it must encrypts if it can.
            ("sslmode", "allow") => {}
            ("ssl", "true") if is_url => rest.push(("sslmode", "require".to_owned())),
            ("sslrootcert", "system") => full = true,
            ("sslrootcert", _) => authorities = Some(value),
            ("keepalives_count", _) => rest.push(("keepalives_retries", value)),
            // The one that can be written is the primary.
            ("target_session_attrs", "primary") => rest.push((name, "read-write".to_owned())),
            ("target_session_attrs", "standby" | "prefer-standby") => {
                return Err(Wrong("target_session_attrs: a standby takes no writes"));
            }
            _ if NEEDLESS.contains(&name) => {}
            _ => match REFUSED.iter().find(|(refused, _)| *refused == name) {
                Some((_, why)) => return Err(Wrong(why)),
                None => rest.push((name, value)),
            },
        }
    }
    let written = |(name, value): &(&str, String)| match is_url {
        true => format!("{name}={}", percent_escaped(value)),
        false => format!("{name}={}", keywords::quoted(value)),
    };
    let rest: Vec<String> = rest.iter().map(written).collect();
    let known = match is_url {
        true if rest.is_empty() => address.to_owned(),
        true => format!("{address}?{}", rest.join("&")),
        false => rest.join(" "),
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
        Some(path) => Check::Signed(Authorities::File(path.into())),
        None if full => Check::SignedForSystem,
        None => Check::Nothing,
    };
    Ok((config, check))
}

/// Where a URL leads, and what stands behind its `?`.
fn parameters(url: &str) -> Result<(&str, Parameters<'_>), Wrong> {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let mut given = Vec::new();
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        let (name, value) = parameter.split_once('=').ok_or(Wrong("a parameter has no value"))?;
        let value = ferogram_session::unescape_key(value);
        given.push((name, value.ok_or(Wrong("a parameter is not percent-escaped"))?));
    }
    Ok((address, given))
}

fn percent_escaped(value: &str) -> String {
    value.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio_postgres::config::TargetSessionAttrs;

    fn read(url: &str) -> (Config, Check) {
        parse(url).unwrap_or_else(|Wrong(why)| panic!("{why}"))
    }

    fn in_file(path: &str) -> Check {
        Check::Signed(Authorities::File(path.into()))
    }

    #[test]
    fn what_is_ours_is_taken_out_of_a_url() {
        let (config, check) = read(
            "postgres://u:p@h:1/d?sslmode=verify-full&sslrootcert=%2Ftmp%2Fmy%20ca.pem&connect_timeout=3",
        );
        assert_eq!(check, in_file("/tmp/my ca.pem"));
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
            ("host=h dbname=d sslrootcert=/ca.pem gssencmode=disable", in_file("/ca.pem")),
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
    }

    #[test]
    fn quoted_keywords_are_read_as_libpq_reads_them() {
        for (given, check) in [
            ("sslmode=verify-full", Check::SignedForSystem),
            ("sslmode = 'verify-full'", Check::SignedForSystem),
            ("sslrootcert='/my ca.pem'", in_file("/my ca.pem")),
            (r"sslrootcert=/my\ ca.pem gssencmode='disable'", in_file("/my ca.pem")),
            ("application_name='' client_encoding='UTF8'", Check::Nothing),
        ] {
            let url =
                format!(r"host = localhost options='-c search_path=x' password='it\'s \\' {given}");
            let (config, found) = read(&url);
            assert_eq!(config.get_options(), Some("-c search_path=x"), "{url}");
            assert_eq!(config.get_password(), Some(r"it's \".as_bytes()), "{url}");
            assert_eq!(found, check, "{url}");
            let required = config.get_ssl_mode() == SslMode::Require;
            assert_eq!(required, check != Check::Nothing, "{url}");
        }
        // A password that looks like a keyword is a password.
        let (config, check) = read("host=h password=' sslmode=verify-full'");
        assert_eq!((config.get_ssl_mode(), check), (SslMode::Prefer, Check::Nothing));
        assert!(parse("host=h password='sslmode=verify-full").is_err());
    }

    #[test]
    fn what_libpq_calls_by_another_name() {
        for url in [
            "postgres://h/d?ssl=true&target_session_attrs=primary&keepalives_count=7&options=-c%20a%3Db",
            "host=h sslmode=require target_session_attrs=primary keepalives_count=7 options='-c a=b'",
        ] {
            let config = read(url).0;
            assert_eq!(config.get_ssl_mode(), SslMode::Require, "{url}");
            assert_eq!(config.get_target_session_attrs(), TargetSessionAttrs::ReadWrite, "{url}");
            assert_eq!(config.get_keepalives_retries(), Some(7), "{url}");
            assert_eq!(config.get_options(), Some("-c a=b"), "{url}");
        }
        assert!(parse("host=h target_session_attrs=standby").is_err());
    }
}
