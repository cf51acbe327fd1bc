//! The client, made at the first call and kept.

use crate::config::{S3Config, Source};
use crate::tls;
use ferogram_session::SessionError;
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey, S3ConditionalPut};
use object_store::path::Path;
use object_store::{BackoffConfig, ClientConfigKey, ClientOptions, RetryConfig};
use std::io;
use std::str::FromStr;
use std::time::Duration;

/// A client, and what its objects are called.
pub(crate) struct Open {
    pub(crate) client: AmazonS3,
    /// For messages: without credentials.
    pub(crate) place: Place,
    pub(crate) prefix: Path,
    /// Whether requests are signed, so that there have to be credentials.
    pub(crate) signed: bool,
}

/// What a message calls the service.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) bucket: String,
    pub(crate) endpoint: String,
}

const SUFFIX: &str = ".session";
/// The longest name that S3 takes, in bytes.
const LONGEST: usize = 1024;

impl Open {
    pub(crate) fn new(config: &S3Config) -> io::Result<Self> {
        use AmazonS3ConfigKey as Key;
        tls::provide_crypto();
        let (mut builder, mut options, prefix) = match &config.source {
            Source::Environment(url) => {
                let (bucket, prefix) = bucket_and_prefix(url)?;
                let (builder, options) = from_environment();
                (builder.with_bucket_name(bucket), Some(options), prefix)
            }
            Source::Factory(make) => {
                if !config.certificates.is_empty() {
                    return Err(SessionError::config("a builder of your own takes its certificates itself")
                        .help("give them to it: AmazonS3Builder::with_client_options(ClientOptions::new().with_root_certificate(..))")
                        .into());
                }
                (make(), None, "")
            }
        };
        for (name, value) in &config.options {
            let key = Key::from_str(name).map_err(|_| {
                SessionError::config(format!("there is no setting `{name}`"))
                    .help("see object_store::aws::AmazonS3ConfigKey for those that there are")
            })?;
            match (key, options.as_mut()) {
                (Key::Client(key), Some(options)) => {
                    *options = std::mem::take(options).with_config(key, value);
                }
                (key, _) => builder = builder.with_config(key, value),
            }
        }
        if let Some(options) = &options {
            builder = builder.with_client_options(options.clone());
        }
        let get = |key| builder.get_config_value(&key);
        let region = get(Key::Region).unwrap_or_else(|| "us-east-1".to_owned());
        let given = get(Key::S3Endpoint).or_else(|| get(Key::Endpoint));
        let plain = match &given {
            Some(given) => is_plain(given)?,
            None => false,
        };
        let allowed = is_true(get(Key::Client(ClientConfigKey::AllowHttp)));
        let bucket = get(Key::Bucket).unwrap_or_default();
        let place = Place {
            bucket: named(&bucket)?.to_owned(),
            endpoint: given.unwrap_or_else(|| format!("AWS in {region}")),
        };
        if plain && !allowed && !is_local(&place.endpoint) {
            let Place { endpoint, .. } = place;
            return Err(SessionError::config(format!(
                "{endpoint} would be sent sessions unencrypted"
            ))
            .help("use https://, or set AWS_ALLOW_HTTP=true if nobody listens on that network")
            .into());
        }
        let signed = !is_true(get(Key::SkipSignature));
        let of_its_own = get(Key::AccessKeyId).is_some();
        if plain && !config.certificates.is_empty() {
            return Err(SessionError::config("certificates are set for an endpoint without TLS")
                .help("write https:// with an s, or set no certificates")
                .into());
        }
        if let (Some(options), false) = (options, plain) {
            builder = builder.with_client_options(tls::trusting(options, config)?);
        }
        let timeout = |part: Duration| format!("{}ms", part.as_millis().max(1));
        let each = config.timeout / 3;
        builder = builder
            .with_config(Key::Client(ClientConfigKey::Timeout), timeout(each))
            .with_config(
                Key::Client(ClientConfigKey::ConnectTimeout),
                timeout(each.min(Duration::from_secs(5))),
            )
            .with_retry(retry(config.timeout))
            .with_conditional_put(match config.conditions {
                true => S3ConditionalPut::ETagMatch,
                false => S3ConditionalPut::Disabled,
            })
            // One object at a time, which every service can.
            .with_disable_bulk_delete(true);
        if plain {
            builder = builder.with_allow_http(true);
            if of_its_own {
                // Nothing speaks TLS then, so there need be no certificates.
                let none = Key::Client(ClientConfigKey::NoSystemCertificates);
                builder = builder.with_config(none, "true");
            }
        }
        let client = builder.build().map_err(|error| unusable(&error))?;
        let prefix = config.prefix.as_deref().unwrap_or(prefix);
        let prefix = Path::parse(prefix).map_err(|_| {
            SessionError::config(format!("{prefix:?} cannot begin the name of an object"))
                .help("use folders like bots/production, without empty ones, `.` and `..`")
        })?;
        Ok(Self { client, place, prefix, signed })
    }

    /// The object that holds the session of this key.
    pub(crate) fn object(&self, key: &str) -> io::Result<Path> {
        // A derived key is escaped already, but for this.
        let key = match key.strip_prefix('.') {
            Some(rest) => format!("%2E{rest}"),
            None => key.to_owned(),
        };
        self.named(&format!("{key}{SUFFIX}"))
    }

    /// An object beside those of the sessions.
    pub(crate) fn named(&self, name: &str) -> io::Result<Path> {
        let path = match self.prefix.as_ref() {
            "" => name.to_owned(),
            prefix => format!("{prefix}/{name}"),
        };
        if path.len() > LONGEST {
            return Err(SessionError::config(format!(
                "the object's name would have {} bytes, and {LONGEST} is the most that S3 takes",
                path.len()
            ))
            .help("use a shorter name for the session, or a shorter prefix")
            .into());
        }
        Path::parse(&path).map_err(|_| {
            SessionError::config("an object cannot be called like this session")
                .help("use another name for the session")
                .into()
        })
    }

    /// The key of the session that an object holds, by its name.
    pub(crate) fn key(&self, object: &Path) -> Option<String> {
        let key = object.filename()?.strip_suffix(SUFFIX)?;
        (!key.is_empty() && !key.starts_with('.')).then(|| key.to_owned())
    }
}

/// Tries that end well before the deadline, so that the error is the
/// service's own and not that time ran out.
fn retry(timeout: Duration) -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(50),
            max_backoff: Duration::from_secs(2),
            base: 2.0,
        },
        max_retries: 3,
        retry_timeout: timeout / 2,
    }
}

/// As `AmazonS3Builder::from_env`.
fn from_environment() -> (AmazonS3Builder, ClientOptions) {
    let mut builder = AmazonS3Builder::new();
    let mut client = ClientOptions::new();
    for (name, value) in std::env::vars_os() {
        let (Some(name), Some(value)) = (name.to_str(), value.to_str()) else { continue };
        if !name.starts_with("AWS_") || value.is_empty() {
            continue;
        }
        match AmazonS3ConfigKey::from_str(&name.to_ascii_lowercase()) {
            Ok(AmazonS3ConfigKey::Client(key)) => client = client.with_config(key, value),
            Ok(key) => builder = builder.with_config(key, value),
            Err(_) => {}
        }
    }
    (builder, client)
}

fn bucket_and_prefix(url: &str) -> io::Result<(&str, &str)> {
    // Nothing of what it holds is said: somebody may have put a secret there.
    let wrong = |why: &str| {
        SessionError::config(format!("this is not the address of a bucket: {why}"))
            .help("write s3://bucket/prefix; credentials come from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or S3Config::credentials")
    };
    let rest = url.strip_prefix("s3://").ok_or_else(|| wrong("it does not begin with s3://"))?;
    if rest.contains(['@', '?', '#']) {
        return Err(wrong("there is more in it than a bucket and a prefix").into());
    }
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    Ok((bucket, prefix.trim_end_matches('/')))
}

fn named(bucket: &str) -> io::Result<&str> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if bucket.is_empty() || !bucket.chars().all(fits) {
        return Err(SessionError::config("there is no bucket, or it has no proper name")
            .help("write s3://bucket/prefix, or AmazonS3Builder::with_bucket_name; a bucket's name has letters, digits, `.` and `-`")
            .into());
    }
    Ok(bucket)
}

/// Whether the endpoint is reached without TLS.
fn is_plain(endpoint: &str) -> io::Result<bool> {
    let (plain, rest) = match endpoint.split_once("://") {
        Some(("http", rest)) => (true, rest),
        Some(("https", rest)) => (false, rest),
        _ => return Err(no_endpoint()),
    };
    let fits = |c: char| c.is_ascii_graphic() && !matches!(c, '@' | '?' | '#' | '\\' | '"');
    let host = rest.split('/').next().unwrap_or_default();
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, port.parse::<u16>().is_ok()),
        _ => (host, true),
    };
    let bracketed = name.starts_with('[') && name.ends_with(']');
    let known = bracketed || (!name.contains([':', '[', ']']) && !name.is_empty());
    if port && known && rest.chars().all(fits) { Ok(plain) } else { Err(no_endpoint()) }
}

fn no_endpoint() -> io::Error {
    SessionError::config("the endpoint is not the address of a service")
        .help("write https://host:port, without user, password and query")
        .into()
}

/// Whether that is this machine, by number or as `localhost`.
fn is_local(endpoint: &str) -> bool {
    let rest = endpoint.split_once("://").map_or("", |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => name,
        _ => host,
    };
    let number = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost"
        || number.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

fn is_true(value: Option<String>) -> bool {
    value.is_some_and(|value| matches!(value.as_str(), "true" | "1" | "yes" | "on" | "y" | "t"))
}

/// Which of the settings cannot be: said by name, for the value may be secret.
fn unusable(error: &object_store::Error) -> io::Error {
    let text = error.to_string();
    let what = if text.contains("AccessKeyId") || text.contains("access_key") {
        "one half of the credentials is missing"
    } else if text.contains("certificate") || text.contains("Certificate") {
        "the certificates that the system trusts cannot be used"
    } else {
        "the client cannot be set up from these settings"
    };
    SessionError::config(what)
        .help(
            "see the AWS_ variables of the environment, and what S3Config or the builder was given",
        )
        .into()
}
