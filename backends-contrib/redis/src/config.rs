use ferogram_session::SessionError;
use redis::{Client, ConnectionLike, RedisResult};
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// Where the sessions are, and how they are kept there.
///
/// ```
/// use ferogram_session_redis::{RedisBackend, RedisConfig};
/// use std::time::Duration;
///
/// let config = RedisConfig::new("redis://127.0.0.1:6379/1")
///     .prefix("bots:")
///     .timeout(Duration::from_secs(5));
/// let backend = RedisBackend::with(config, "my-bot");
/// ```
#[derive(Clone)]
pub struct RedisConfig {
    pub(crate) source: Source,
    #[cfg(feature = "tls")]
    tls: crate::tls::Tls,
    pub(crate) prefix: String,
    pub(crate) ttl: Option<Duration>,
    pub(crate) timeout: Duration,
    pub(crate) replicas: u32,
}

/// Times that can be reckoned with, here and in Redis.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// Where connections come from.
#[derive(Clone)]
pub(crate) enum Source {
    Client(Box<Client>),
    Wrong(Wrong),
    Factory(Factory),
}

/// What no connection can be made with, and what to do.
#[derive(Clone)]
pub(crate) struct Wrong {
    what: String,
    help: &'static str,
}

pub(crate) type Link = Box<dyn ConnectionLike + Send>;
pub(crate) type Factory = Arc<dyn Fn() -> RedisResult<Link> + Send + Sync>;

impl RedisConfig {
    /// The server at this URL; see [`RedisBackend::new`](crate::RedisBackend::new).
    pub fn new(url: impl AsRef<str>) -> Self {
        Self::of(match Client::open(url.as_ref()) {
            Ok(client) => Source::Client(Box::new(client)),
            // What kind of error it is follows behind the dash.
            Err(error) => {
                let error = error.to_string();
                let why = error.split(" - ").next().unwrap_or_default();
                Source::Wrong(
                    Wrong::new(format!("this is not the address of a Redis server: {why}"))
                        .help("write redis://user:password@host:6379/0, percent-escaped"),
                )
            }
        })
    }

    /// What this client connects to, with its certificates and TCP settings: a
    /// client of the `redis` crate is a description, and holds no connection.
    #[must_use]
    pub fn client(client: Client) -> Self {
        Self::of(Source::Client(Box::new(client)))
    }

    /// Connections that `connect` makes, on a thread of each: for clusters and
    /// sentinels, and for passwords that change, because it is asked anew for
    /// each connection. It should give them timeouts for reading and writing: a
    /// call ends in time without, but its thread does not.
    pub fn connection_with<C: ConnectionLike + Send + 'static>(
        connect: impl Fn() -> RedisResult<C> + Send + Sync + 'static,
    ) -> Self {
        Self::of(Source::Factory(Arc::new(move || Ok(Box::new(connect()?)))))
    }

    /// Trusts servers with a certificate of these authorities, in PEM, instead of
    /// those that the system trusts. Not for connections that you make.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.tls.authorities = Some(pem.into());
        self.with_tls()
    }

    /// Shows the server this certificate with its key, both in PEM, as
    /// `tls-auth-clients` asks for. Not for connections that you make.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn client_certificate(
        mut self,
        chain: impl Into<Vec<u8>>,
        key: impl Into<Vec<u8>>,
    ) -> Self {
        self.tls.identity = Some((chain.into(), key.into()));
        self.with_tls()
    }

    /// What the keys begin with; `tg:` unless set. Behind it comes the name of
    /// the session, with all but letters, digits and `_.@+-` percent-escaped.
    /// Of two prefixes in one database neither should begin with the other, or
    /// the sessions of one are listed among those of the other.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Lets a session vanish, login and all, when nothing was written to it
    /// for so long. Unless set, sessions stay, and a write takes an expiry
    /// away that the key may have.
    #[must_use]
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl.min(LONGEST));
        self
    }

    /// How long a call may take, whatever happens in it: connecting, a connection
    /// that breaks and is opened again, the whole of the answers to all that is
    /// asked. 30 seconds unless set.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout.clamp(Duration::from_millis(1), LONGEST);
        self
    }

    /// Returns from a write only when so many replicas have it, too (`WAIT`);
    /// fewer within the timeout are an error, also of calls that read it before
    /// there are enough. Not with the connections of a cluster.
    #[must_use]
    pub fn wait_replicas(mut self, replicas: u32) -> Self {
        self.replicas = replicas;
        self
    }

    fn of(source: Source) -> Self {
        let timeout = Duration::from_secs(30);
        Self {
            source,
            #[cfg(feature = "tls")]
            tls: crate::tls::Tls::default(),
            prefix: "tg:".to_owned(),
            ttl: None,
            timeout,
            replicas: 0,
        }
    }

    #[cfg(feature = "tls")]
    fn with_tls(mut self) -> Self {
        self.source = match self.source {
            Source::Client(client) => match self.tls.applied_to(&client) {
                Ok(client) => Source::Client(Box::new(client)),
                Err(wrong) => Source::Wrong(wrong),
            },
            Source::Factory(_) => Source::Wrong(
                Wrong::new("certificates are set, and connections are made elsewhere")
                    .help("give them to what `RedisConfig::connection_with` was given"),
            ),
            wrong @ Source::Wrong(_) => wrong,
        };
        self
    }

    /// The server, for messages: without credentials.
    pub(crate) fn server(&self) -> String {
        match &self.source {
            Source::Client(client) => client.get_connection_info().addr().to_string(),
            Source::Wrong(_) | Source::Factory(_) => "the server".to_owned(),
        }
    }

    /// What must not be in a message.
    pub(crate) fn secret(&self) -> Option<&str> {
        match &self.source {
            Source::Client(client) => client.get_connection_info().redis_settings().password(),
            Source::Wrong(_) | Source::Factory(_) => None,
        }
    }
}

impl Wrong {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), help: "" }
    }

    pub(crate) fn help(mut self, help: &'static str) -> Self {
        self.help = help;
        self
    }

    pub(crate) fn error(&self) -> io::Error {
        SessionError::config(self.what.as_str()).help(self.help).into()
    }
}

/// Without credentials.
impl fmt::Debug for RedisConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisConfig")
            .field("server", &self.server())
            .field("prefix", &self.prefix)
            .field("ttl", &self.ttl)
            .field("timeout", &self.timeout)
            .field("wait_replicas", &self.replicas)
            .finish()
    }
}
