//! What went wrong, in words for whoever runs the bot.
//!
//! The texts of the client quote whole answers, in which a service may repeat
//! the request, signature included. So nothing of them is passed on but the
//! status and the code, and for a missing right what S3 says is missing.

use crate::open::Place;
use ferogram_session::SessionError;
use object_store::Error;
use object_store::client::{HttpError, HttpErrorKind};
use std::error::Error as StdError;
use std::io;

/// What a request was for.
#[derive(Clone, Copy)]
pub(crate) enum Doing {
    Read,
    Write,
    Delete,
    List,
}

impl Doing {
    fn right(self) -> &'static str {
        match self {
            Self::Read => "s3:GetObject and s3:ListBucket",
            Self::Write => "s3:PutObject and s3:GetObject",
            Self::Delete => "s3:DeleteObject",
            Self::List => "s3:ListBucket",
        }
    }
}

/// What a service answered.
struct Answer {
    status: u16,
    code: String,
    message: String,
}

impl Answer {
    fn of(error: &Error) -> Option<Self> {
        let text = error.to_string();
        if text.contains("redirect without LOCATION") {
            return Some(Self { status: 301, code: String::new(), message: String::new() });
        }
        let (_, rest) = text.split_once("status code: ")?;
        let status = rest.get(..3)?.parse().ok()?;
        let between = |tag: &str| {
            let (_, rest) = rest.split_once(&format!("<{tag}>"))?;
            Some(rest.split_once(&format!("</{tag}>"))?.0.to_owned())
        };
        // A code is a word; whatever else stands there is not repeated.
        let code = between("Code").filter(|code| {
            code.len() <= 64 && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
        });
        let message = between("Message").filter(|message| message.len() <= 500);
        Some(Self {
            status,
            code: code.unwrap_or_default(),
            message: message.unwrap_or_default().replace(char::is_control, " "),
        })
    }

    fn shown(&self) -> String {
        format!("{} {}", self.status, self.code).trim_end().to_owned()
    }
}

/// Whether there is no such object: only that is "no session". A bucket that
/// is not there and the page of another server are 404, too.
pub(crate) fn is_absent(error: &Error) -> bool {
    matches!(error, Error::NotFound { .. })
        && Answer::of(error).is_some_and(|answer| answer.code == "NoSuchKey")
}

/// Whether the object was not as expected.
pub(crate) fn is_conflict(error: &Error) -> bool {
    matches!(error, Error::Precondition { .. } | Error::AlreadyExists { .. })
        && Answer::of(error).is_none_or(|answer| answer.code != "NoSuchBucket")
}

/// Whether a request was sent and no answer came, so that a write may have
/// taken effect.
pub(crate) fn is_unanswered(error: &Error) -> bool {
    let http = causes(error).find_map(|cause| cause.downcast_ref::<HttpError>());
    http.is_some_and(|http| http.kind() != HttpErrorKind::Connect)
}

/// Whether a write was answered, without a version.
pub(crate) fn is_without_etag(error: &Error) -> bool {
    Answer::of(error).is_none() && error.to_string().contains("ETag")
}

/// As a session error.
pub(crate) fn error(error: &Error, doing: Doing, place: &Place) -> io::Error {
    match Answer::of(error) {
        Some(answer) => answered(&answer, doing, place),
        None if is_without_etag(error) => return no_etag(),
        None => unanswered(error, place),
    }
    .into()
}

fn answered(answer: &Answer, doing: Doing, place: &Place) -> SessionError {
    let Place { bucket, endpoint } = place;
    match (answer.code.as_str(), answer.status) {
        ("SignatureDoesNotMatch", _) => {
            SessionError::rejected(format!("{endpoint} does not accept the signature"))
                .help("check the secret access key (AWS_SECRET_ACCESS_KEY), and the region if the service is not AWS")
        }
        ("InvalidAccessKeyId" | "InvalidClientTokenId", _) => {
            SessionError::rejected(format!("{endpoint} does not know the access key id"))
                .help("check AWS_ACCESS_KEY_ID, and that it belongs to this service")
        }
        ("ExpiredToken" | "InvalidToken" | "TokenRefreshRequired", _) => {
            SessionError::rejected(format!("{endpoint} does not accept the session token any more"))
                .help("get new temporary credentials (AWS_SESSION_TOKEN goes with the other two)")
        }
        ("RequestTimeTooSkewed" | "RequestExpired", _) => {
            SessionError::rejected("the clock of this machine and that of the service are too far apart")
                .help("set the clock: signatures are good for 15 minutes")
        }
        ("NoSuchBucket", _) => {
            SessionError::config(format!("there is no bucket `{bucket}` at {endpoint}"))
                .help("create it, or mend its name, the region or the endpoint")
        }
        ("PermanentRedirect" | "AuthorizationHeaderMalformed" | "IncorrectEndpoint", _)
        | (_, 300..=399) => SessionError::config(format!(
            "the bucket `{bucket}` is in another region, or at another endpoint ({})",
            answer.shown()
        ))
        .help("set AWS_REGION to the bucket's region, and AWS_ENDPOINT_URL to its service"),
        // A service says this with whatever status it likes, and at times no code.
        (
            "QuotaExceeded" | "InsufficientStorage" | "StorageFull" | "XMinioStorageFull"
            | "XMinioAdminBucketQuotaExceeded",
            _,
        )
        | (_, 507) => SessionError::unavailable(format!(
            "{endpoint} has no room in the bucket `{bucket}`: {}",
            answer.shown()
        ))
        .with_kind(io::ErrorKind::StorageFull)
        .help("make room there, or raise the quota; what is stored is as it was"),
        (_, 401 | 403) => {
            let said = match answer.code.as_str() {
                "AccessDenied" if !answer.message.is_empty() => &answer.message,
                _ => &answer.code,
            };
            SessionError::rejected(format!(
                "these credentials may not do this in the bucket `{bucket}`: {} {said}",
                answer.status
            ))
            .help(format!("allow {} there (and for an encrypted bucket the use of its key)", doing.right()))
        }
        (_, 501) => SessionError::unsupported(format!("{endpoint} does not know this request"))
            .help("a service without conditional writes needs S3Config::without_conditions"),
        (_, 404) => SessionError::unavailable(format!(
            "{endpoint} answered {}, and not that there is no such object",
            answer.shown()
        ))
        .help("see that the endpoint is that of an S3 service, with the bucket in the path"),
        (_, 429 | 500..=599) => SessionError::unavailable(format!(
            "{endpoint} answered {} again and again",
            answer.shown()
        ))
        .help("try again later; what was acknowledged is safe"),
        _ => SessionError::unavailable(format!("{endpoint} answered {}", answer.shown()))
            .help("look the code up in the documentation of the service"),
    }
}

fn unanswered(error: &Error, place: &Place) -> SessionError {
    let endpoint = &place.endpoint;
    let http = causes(error).find_map(|cause| cause.downcast_ref::<HttpError>());
    if http.is_some_and(|http| http.kind() == HttpErrorKind::Timeout) {
        return SessionError::timed_out(format!("{endpoint} did not answer in time")).help(
            "whether a write took effect is unknown until the next read; see S3Config::timeout",
        );
    }
    // The last cause says it: "connection refused", "invalid peer certificate".
    let cause = causes(error).last();
    let text = cause.map(ToString::to_string).unwrap_or_default();
    let kind = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).last();
    let kind = kind.map_or(io::ErrorKind::Other, io::Error::kind);
    if let Some(mismatch) = of_the_scheme(endpoint, &text) {
        return mismatch;
    }
    match http {
        Some(_) => SessionError::unavailable(format!("{endpoint} cannot be reached: {text}"))
            .help(match endpoint.starts_with("http://") {
                false => "see that the service runs there and that the network reaches it",
                true => "see that the service runs there, that the network reaches it, and whether it wants `https://`",
            }),
        None => SessionError::unavailable(format!("{endpoint} gave an answer that makes no sense"))
            .help("see that the endpoint is that of an S3 service, and what is in between"),
    }
    .with_kind(kind)
}

/// An endpoint for TLS, and a service without; or the other way round.
fn of_the_scheme(endpoint: &str, text: &str) -> Option<SessionError> {
    if !endpoint.starts_with("http://") {
        // What rustls makes of an answer that is none of TLS.
        text.contains("InvalidContentType").then(|| {
            SessionError::config(format!("{endpoint} answers without TLS, which it is asked for"))
                .help("write `http://` for the endpoint (keys are then sent in the open), or give the port at which it has TLS")
        })
    } else {
        // And the HTTP client of an alert of TLS.
        text.contains("invalid HTTP version").then(|| {
            SessionError::config(format!("{endpoint} does not answer in plain HTTP"))
                .help("write `https://` for the endpoint; if that does not help, see that it is that of an S3 service")
        })
    }
}

fn causes(error: &Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    let first: &(dyn StdError + 'static) = error;
    std::iter::successors(Some(first), |error| (*error).source())
}

/// No credentials, from anywhere.
pub(crate) fn no_credentials(error: &Error) -> io::Error {
    let status =
        Answer::of(error).map_or_else(String::new, |answer| format!(" ({})", answer.shown()));
    SessionError::rejected(format!("there are no credentials, and no role gives any{status}"))
        .help(
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; the profiles in ~/.aws are not read",
        )
        .into()
}

/// Something that is not ours stands where the session should be.
pub(crate) fn other(what: &str) -> io::Error {
    SessionError::corrupt(format!("{what} has the name of this session; it was left as it is"))
        .help("move it away, or use another prefix")
        .into()
}

/// Conditions that are not honoured.
pub(crate) fn ignores(header: &str) -> io::Error {
    SessionError::unsupported(format!("this service ignores conditions ({header}), so that two writers would lose updates"))
        .help("use a service that honours them; if no other process writes this session, S3Config::without_conditions does without")
        .into()
}

pub(crate) fn weak() -> io::Error {
    SessionError::unsupported("something between here and the service makes its ETags weak (W/), and those cannot be compared")
        .help("turn compression off in the proxy; if no other process writes this session, S3Config::without_conditions does without")
        .into()
}

pub(crate) fn no_etag() -> io::Error {
    SessionError::unsupported("the service gives no ETag, so that states cannot be compared")
        .help("use a service that does; if no other process writes this session, S3Config::without_conditions does without")
        .into()
}
