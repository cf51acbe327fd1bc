use crate::connection::{Connection, Opening};
use crate::tls::{self, Check};
use ferogram_session::{SessionError, TablePrefix};
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::Socket;
use tokio_postgres::config::{Config, Host, SslMode};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};

/// Where the sessions are, and how they are kept there.
///
/// ```
/// use ferogram_session_postgres::{PostgresBackend, PostgresConfig};
/// use std::time::Duration;
///
/// let config = PostgresConfig::new("postgres://bot:secret@db.example/bots?sslmode=verify-full")
///     .schema("telegram")
///     .timeout(Duration::from_secs(5));
/// let backend = PostgresBackend::with(config, "my-bot");
/// ```
#[derive(Clone)]
pub struct PostgresConfig {
    source: Result<Source, Wrong>,
    pub(crate) schema: String,
    pub(crate) prefix: TablePrefix,
    pub(crate) timeout: Duration,
}

/// What connections are made from.
#[derive(Clone)]
struct Source {
    server: String,
    open: Open,
}

#[derive(Clone)]
enum Open {
    Rustls(Box<Config>, Check),
    /// Over somebody else's TLS.
    Other(Arc<dyn Fn() -> Opening + Send + Sync>),
}

/// A URL that is none, and why: in words that do not quote it.
#[derive(Clone, Copy)]
struct Wrong(&'static str);

impl PostgresConfig {
    /// The database at this URL; see
    /// [`PostgresBackend::new`](crate::PostgresBackend::new). It may name
    /// several hosts, and carry what `tokio-postgres` knows, besides
    /// `sslmode=verify-full` and `sslrootcert=path`.
    pub fn new(url: impl AsRef<str>) -> Self {
        Self::over(parse(url.as_ref()).map(|(config, check)| rustls(config, check)))
    }

    /// What this describes, encrypted with rustls as its `ssl_mode` says,
    /// without a look at the server's certificate.
    #[must_use]
    pub fn config(config: Config) -> Self {
        Self::over(Ok(rustls(config, Check::Nothing)))
    }

    /// What this describes, encrypted by a connector of yours.
    pub fn config_with_tls<T>(config: Config, tls: T) -> Self
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + 'static,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        let server = server(&config);
        let name = server.clone();
        let open = move || -> Opening {
            let (config, tls, server) = (config.clone(), tls.clone(), name.clone());
            Box::pin(async move { Connection::open(&config, tls, &server).await })
        };
        Self::over(Ok(Source { server, open: Open::Other(Arc::new(open)) }))
    }

    /// Accepts only a server whose certificate was signed by one of the
    /// authorities in this PEM file, and made out to the host's name. As
    /// `sslrootcert=` in the URL. Not for a connector of yours.
    #[must_use]
    pub fn root_certificates(mut self, path: impl Into<PathBuf>) -> Self {
        if let Ok(Source { open: Open::Rustls(config, check), .. }) = &mut self.source {
            config.ssl_mode(SslMode::Require);
            *check = Check::Signed(path.into());
        }
        self
    }

    /// The schema that the tables are in; `public` unless set. It has to be
    /// there.
    #[must_use]
    pub fn schema(mut self, schema: impl Into<String>) -> Self {
        self.schema = schema.into();
        self
    }

    /// What the names of the tables begin with; `ferogram_` unless set.
    #[must_use]
    pub fn prefix(mut self, prefix: TablePrefix) -> Self {
        self.prefix = prefix;
        self
    }

    /// How long a call may take, connecting included; 30 seconds unless set. A
    /// write that took longer may have taken effect.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The server, for messages: without credentials.
    pub(crate) fn server(&self) -> &str {
        self.source.as_ref().map_or("the server", |source| &source.server)
    }

    /// A new connection.
    pub(crate) fn open(&self) -> io::Result<Opening> {
        check_schema(&self.schema)?;
        match &self.source {
            Ok(Source { open: Open::Other(open), .. }) => Ok(open()),
            Ok(Source { open: Open::Rustls(config, check), server }) => {
                let (config, check, server) = (config.clone(), check.clone(), server.clone());
                Ok(Box::pin(async move {
                    Connection::open(&config, tls::connector(&check)?, &server).await
                }))
            }
            Err(Wrong(why)) => {
                Err(SessionError::config(format!("this is no address of a database: {why}"))
                    .help("write postgres://user:password@host:5432/database, percent-escaped")
                    .into())
            }
        }
    }

    fn over(source: Result<Source, Wrong>) -> Self {
        Self {
            source,
            schema: "public".to_owned(),
            prefix: TablePrefix::default(),
            timeout: Duration::from_secs(30),
        }
    }
}

/// Without credentials.
impl fmt::Debug for PostgresConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresConfig")
            .field("server", &self.server())
            .field("schema", &self.schema)
            .field("prefix", &self.prefix.as_str())
            .field("timeout", &self.timeout)
            .finish()
    }
}

fn rustls(config: Config, check: Check) -> Source {
    Source { server: server(&config), open: Open::Rustls(Box::new(config), check) }
}

/// Hosts, ports and database.
fn server(config: &Config) -> String {
    let ports = config.get_ports();
    let hosts = config.get_hosts().iter().enumerate().map(|(at, host)| {
        let port = ports.get(at).or(ports.first()).copied().unwrap_or(5432);
        match host {
            Host::Tcp(host) if host.contains(':') => format!("[{host}]:{port}"),
            Host::Tcp(host) => format!("{host}:{port}"),
            #[cfg(unix)]
            Host::Unix(path) => format!("{}:{port}", path.display()),
        }
    });
    let hosts: Vec<String> = hosts.collect();
    match config.get_dbname() {
        Some(database) => format!("{}/{database}", hosts.join(",")),
        None => hosts.join(","),
    }
}

/// Takes out of a URL what `tokio-postgres` does not know, and leaves it the
/// rest. Its own words would quote the part of a password that it could not
/// make sense of.
fn parse(url: &str) -> Result<(Config, Check), Wrong> {
    let (address, query) = match url.split_once('?') {
        Some((address, query)) => (address, query),
        None => (url, ""),
    };
    let mut rest = Vec::new();
    let (mut full, mut authorities) = (false, None);
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        match parameter.split_once('=') {
            Some(("sslmode", "verify-full")) => full = true,
            Some(("sslmode", "verify-ca")) => {
                return Err(Wrong("sslmode=verify-ca accepts any host; use verify-full"));
            }
            Some(("sslrootcert", path)) => {
                let path = ferogram_session::unescape_key(path);
                authorities = Some(path.ok_or(Wrong("sslrootcert is not a path"))?);
            }
            _ => rest.push(parameter),
        }
    }
    let known =
        if rest.is_empty() { address.to_owned() } else { format!("{address}?{}", rest.join("&")) };
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

/// What is cut off or cannot be sent would be another schema.
fn check_schema(schema: &str) -> io::Result<()> {
    let wrong = match schema {
        "" => "is empty",
        _ if schema.contains('\0') => "holds a NUL",
        _ if schema.len() > 63 => "is longer than 63 bytes",
        _ => return Ok(()),
    };
    Err(SessionError::config(format!("the name of the schema {wrong}"))
        .help("name one that is there, or none for `public`")
        .into())
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn the_server_is_named_without_credentials() {
        let named = |url| PostgresConfig::new(url).server().to_owned();
        assert_eq!(named("postgres://me:hunter2@a:1,b:2/d?options=x"), "a:1,b:2/d");
        assert_eq!(named("postgres://me:hunter2@[::1]/d"), "[::1]:5432/d");
        assert_eq!(named("postgres://me:hunter2@h"), "h:5432");
    }

    #[test]
    fn what_cannot_be_read_is_not_quoted() {
        for url in [
            "postgres://me:hunter2@host:port/db",
            "hunter2",
            "postgres://me:hunter2@h/db?hunter2=1",
            "postgres://me:%ZZhunter2@/db?sslmode=hunter2",
            "postgres://h/db?sslmode=verify-ca",
            "postgres://h/db?sslrootcert=%hunter2",
            "",
        ] {
            let config = PostgresConfig::new(url);
            let error = config.open().map(drop).unwrap_err();
            assert!(matches!(SessionError::of(&error), Some(SessionError::Config(_))), "{url}");
            assert!(!format!("{error} {error:?} {config:?}").contains("hunter2"), "{error}");
        }
    }
}
