use object_store::aws::AmazonS3Builder;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Where the sessions are, and how to get there.
///
/// ```
/// use ferogram_session_s3::{S3Backend, S3Config};
///
/// let config = S3Config::new("s3://my-bucket/bots")
///     .endpoint("https://minio.example.org")
///     .region("us-east-1")
///     .credentials("the access key id", "the secret access key");
/// let backend = S3Backend::with(config, "my-bot");
/// ```
///
/// What is not set here comes from the environment, when it is first used.
#[derive(Clone)]
pub struct S3Config {
    pub(crate) source: Source,
    pub(crate) options: Vec<(String, String)>,
    pub(crate) certificates: Vec<u8>,
    pub(crate) prefix: Option<String>,
    pub(crate) conditions: bool,
    pub(crate) timeout: Duration,
}

/// Where the client comes from.
#[derive(Clone)]
pub(crate) enum Source {
    /// The environment, for the bucket of this URL.
    Environment(String),
    Factory(Factory),
}

pub(crate) type Factory = Arc<dyn Fn() -> AmazonS3Builder + Send + Sync>;

impl S3Config {
    /// The bucket and the prefix of `s3://bucket/prefix`. Credentials do not
    /// belong in the URL; one that holds any is refused.
    pub fn new(url: impl Into<String>) -> Self {
        Self::from(Source::Environment(url.into()))
    }

    /// The bucket, credentials, encryption and whatever else this builder is
    /// set to; nothing comes from the environment that it did not take from
    /// there. Retries and the timeouts of requests are set by
    /// [`timeout`](Self::timeout).
    #[must_use]
    pub fn builder(builder: AmazonS3Builder) -> Self {
        Self::builder_with(move || builder.clone())
    }

    /// As [`builder`](Self::builder), made when it is first needed: for
    /// credentials that come from a client of yours. That client has to be
    /// opened in here or later, not before, because its connections belong to
    /// the runtime that it was opened on.
    pub fn builder_with(make: impl Fn() -> AmazonS3Builder + Send + Sync + 'static) -> Self {
        Self::from(Source::Factory(Arc::new(make)))
    }

    /// What the names of the objects begin with: folders, without a slash at
    /// the end. Behind it comes the name of the session, with all but letters,
    /// digits and `_.@+-` percent-escaped, and `.session`.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = Some(prefix.into());
        self
    }

    /// Another service than AWS, `https://host:port`, with the bucket in the
    /// path. `http://` has to be allowed, unless it is this machine.
    #[must_use]
    pub fn endpoint(self, url: impl Into<String>) -> Self {
        self.option("aws_endpoint_url", url)
    }

    /// The region of the bucket.
    #[must_use]
    pub fn region(self, region: impl Into<String>) -> Self {
        self.option("aws_region", region)
    }

    /// The access key id and the secret access key.
    #[must_use]
    pub fn credentials(self, id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.option("aws_access_key_id", id).option("aws_secret_access_key", secret)
    }

    /// Any setting of [`object_store`], by the name it has in the environment:
    /// `aws_server_side_encryption`, say.
    #[must_use]
    pub fn option(mut self, name: &str, value: impl Into<String>) -> Self {
        self.options.push((name.to_ascii_lowercase(), value.into()));
        self
    }

    /// Trusts servers with a certificate of these authorities, in PEM, instead of
    /// those that the system trusts. Unless set, `AWS_CA_BUNDLE` may name a file
    /// of them. Not with a builder of yours, which takes them itself.
    #[must_use]
    pub fn certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.certificates = pem.into();
        self
    }

    /// Sends sessions unencrypted over a network, to an endpoint with
    /// `http://`: whoever listens there has the login.
    #[must_use]
    pub fn allow_http(self) -> Self {
        self.option("aws_allow_http", "true")
    }

    /// Does without conditional writes, for a service that ignores conditions.
    /// Then calls take turns within this process, and no other process may
    /// write the same session: of two, one is lost.
    #[must_use]
    pub fn without_conditions(mut self) -> Self {
        self.conditions = false;
        self
    }

    /// How long a call may take, with all that it reads, writes and tries again:
    /// 30 seconds unless set. A single try gets a third of that, and so does a
    /// session that is large for the line: 5 MB, with 200,000 peers, in 10 seconds.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout.max(Duration::from_millis(10));
        self
    }
}

impl From<Source> for S3Config {
    fn from(source: Source) -> Self {
        Self {
            source,
            options: Vec::new(),
            certificates: Vec::new(),
            prefix: None,
            conditions: true,
            timeout: Duration::from_secs(30),
        }
    }
}

/// Without credentials, and without what somebody took for a URL.
impl fmt::Debug for S3Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options: Vec<_> = self.options.iter().map(|(name, _)| name).collect();
        f.debug_struct("S3Config")
            .field("prefix", &self.prefix)
            .field("options", &options)
            .field("conditions", &self.conditions)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
