use crate::connection::Opening;
use crate::hosts::{connect, just_under};
use crate::tls::{self, Authorities, Check};
use crate::url::{Wrong, parse};
use ferogram_session::{SessionError, TablePrefix};
use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
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
    Rustls(Configured, Check),
    /// Over somebody else's TLS.
    Other(Arc<dyn Fn(Duration) -> Opening + Send + Sync>),
}

type Making = Pin<Box<dyn Future<Output = io::Result<Config>> + Send>>;
type Make = dyn Fn() -> Making + Send + Sync;

#[derive(Clone)]
enum Configured {
    Once(Box<Config>),
    /// For each connection.
    Anew(Arc<Make>),
}

impl Configured {
    async fn get(self) -> io::Result<Config> {
        match self {
            Self::Once(config) => Ok(*config),
            Self::Anew(make) => make().await,
        }
    }
}

impl PostgresConfig {
    /// The database at this URL; see
    /// [`PostgresBackend::new`](crate::PostgresBackend::new). It may name
    /// several hosts, and carry what `tokio-postgres` knows, besides
    /// `sslmode=verify-full` and `sslrootcert=path`.
    pub fn new(url: impl AsRef<str>) -> Self {
        Self::over(parse(url.as_ref()).map(|(config, check)| rustls(config, check)))
    }

    /// What this describes, encrypted with rustls as its `ssl_mode` says,
    /// without a look at the server's certificate, unless
    /// [`verify_full`](Self::verify_full) or
    /// [`certificates`](Self::certificates) follows.
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
        let open = move |time| -> Opening {
            let (config, tls, server) = (config.clone(), tls.clone(), name.clone());
            Box::pin(async move { connect(&config, tls, &server, time).await })
        };
        Self::over(Ok(Source { server, open: Open::Other(Arc::new(open)) }))
    }

    /// What `make` gives, each time anew when a connection is opened, encrypted
    /// as in [`config`](Self::config): for a password that changes, such as a
    /// token that a cloud gives out for some minutes. It is awaited on a runtime
    /// of this library, and counts towards the timeout; its error is that of the
    /// call. `server` is what messages call the server.
    pub fn config_with<F>(
        server: impl Into<String>,
        make: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = io::Result<Config>> + Send + 'static,
    {
        let make: Arc<Make> = Arc::new(move || Box::pin(make()));
        let open = Open::Rustls(Configured::Anew(make), Check::Nothing);
        Self::over(Ok(Source { server: server.into(), open }))
    }

    /// Accepts only a server whose certificate was signed by an authority that
    /// the system trusts, and made out to the host's name. As
    /// `sslmode=verify-full` in the URL. Not for a connector of yours.
    #[must_use]
    pub fn verify_full(self) -> Self {
        self.checked(Check::SignedForSystem)
    }

    /// Accepts only a server whose certificate was signed by one of these
    /// authorities, in PEM, instead of those that the system trusts, and made
    /// out to the host's name. As a file that `sslrootcert=` in the URL names.
    /// Not for a connector of yours.
    #[must_use]
    pub fn certificates(self, pem: impl Into<Vec<u8>>) -> Self {
        self.checked(Check::Signed(Authorities::Text(pem.into())))
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

    /// How long a call may take, with connecting, all of its transactions and all
    /// that is tried again; 30 seconds unless set. A write that took longer may
    /// have taken effect.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The server, for messages: without credentials.
    pub(crate) fn server(&self) -> &str {
        self.source.as_ref().map_or("the server", |source| &source.server)
    }

    /// How long a question waits for its answer: less than a call may take, so
    /// that who did not answer is said.
    pub(crate) fn patience(&self) -> Duration {
        just_under(self.timeout)
    }

    /// A new connection.
    pub(crate) fn open(&self) -> io::Result<Opening> {
        check_schema(&self.schema)?;
        match &self.source {
            Ok(Source { open: Open::Other(open), .. }) => Ok(open(self.timeout)),
            Ok(Source { open: Open::Rustls(config, check), server }) => {
                let (config, check, server) = (config.clone(), check.clone(), server.clone());
                let time = self.timeout;
                Ok(Box::pin(async move {
                    let mut config = config.get().await?;
                    if check != Check::Nothing {
                        // Unencrypted, nothing would be checked.
                        config.ssl_mode(SslMode::Require);
                    }
                    connect(&config, tls::connector(&check)?, &server, time).await
                }))
            }
            Err(Wrong(why)) => {
                Err(SessionError::config(format!("this is no address of a database: {why}"))
                    .help("write postgres://user:password@host:5432/database, percent-escaped")
                    .into())
            }
        }
    }

    fn checked(mut self, how: Check) -> Self {
        if let Ok(Source { open: Open::Rustls(_, check), .. }) = &mut self.source {
            *check = how;
        }
        self
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
    let server = server(&config);
    Source { server, open: Open::Rustls(Configured::Once(Box::new(config)), check) }
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
            "postgres://h/db?sslcert=hunter2",
            "host=h sslmode=hunter2",
            "",
        ] {
            let config = PostgresConfig::new(url);
            let error = config.open().map(drop).unwrap_err();
            assert!(matches!(SessionError::of(&error), Some(SessionError::Config(_))), "{url}");
            assert!(!format!("{error} {error:?} {config:?}").contains("hunter2"), "{error}");
        }
    }
}
