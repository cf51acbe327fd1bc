//! What can go wrong, and what to do about it.
//!
//! The methods of a backend return [`io::Error`]; inside is a
//! [`SessionError`], which [`SessionError::of`] finds.

use std::error::Error as StdError;
use std::fmt;
use std::io;

/// Why a session could not be loaded or stored.
///
/// The message names the backend, the session, the operation, what happened
/// and what to do; it never shows keys, tokens, access hashes or credentials.
#[derive(Debug)]
#[non_exhaustive]
pub enum SessionError {
    /// What is stored is not a whole session. It was left as it is.
    Corrupt(Box<Details>),
    /// Other writers came first until the deadline.
    Conflict(Box<Details>),
    /// The store could not be reached, or could not do it.
    Unavailable(Box<Details>),
    /// No answer before the deadline: whether a write took effect is unknown.
    TimedOut(Box<Details>),
    /// The store does not accept these credentials.
    Rejected(Box<Details>),
    /// The store cannot do this at all.
    Unsupported(Box<Details>),
    /// The backend is set up wrongly.
    Config(Box<Details>),
}

/// Where an error happened, and what to do.
#[derive(Default)]
pub struct Details {
    message: String,
    help: Option<String>,
    offset: Option<u64>,
    backend: Option<String>,
    key: Option<String>,
    operation: Option<&'static str>,
    context: Option<String>,
    kind: Option<io::ErrorKind>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

macro_rules! constructors {
    ($($(#[$doc:meta])* $function:ident $variant:ident;)*) => {
        $(
            $(#[$doc])*
            #[must_use]
            pub fn $function(message: impl Into<String>) -> Self {
                Self::$variant(Box::new(Details { message: message.into(), ..Details::default() }))
            }
        )*
    };
}

impl SessionError {
    constructors! {
        /// What is stored is not a whole session.
        corrupt Corrupt;
        /// Other writers came first.
        conflict Conflict;
        /// The store could not be reached.
        unavailable Unavailable;
        /// No answer before the deadline.
        timed_out TimedOut;
        /// The store does not accept the credentials.
        rejected Rejected;
        /// The store cannot do this.
        unsupported Unsupported;
        /// The backend is set up wrongly.
        config Config;
    }

    /// Says what the user can do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.details_mut().help = Some(help.into());
        self
    }

    /// Says at which byte of what is stored.
    #[must_use]
    pub fn at(mut self, offset: u64) -> Self {
        self.details_mut().offset = Some(offset);
        self
    }

    /// Keeps the error that is behind this one.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.details_mut().source = Some(source.into());
        self
    }

    /// Gives the `io::Error` this kind instead of the usual one.
    #[must_use]
    pub fn with_kind(mut self, kind: io::ErrorKind) -> Self {
        self.details_mut().kind = Some(kind);
        self
    }

    /// The session error inside an `io::Error`, if it came from a backend.
    #[must_use]
    pub fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }

    /// Where it happened, and what to do.
    #[must_use]
    pub fn details(&self) -> &Details {
        match self {
            Self::Corrupt(details)
            | Self::Conflict(details)
            | Self::Unavailable(details)
            | Self::TimedOut(details)
            | Self::Rejected(details)
            | Self::Unsupported(details)
            | Self::Config(details) => details,
        }
    }

    /// The kind of the `io::Error` around this.
    #[must_use]
    pub fn kind(&self) -> io::ErrorKind {
        self.details().kind.unwrap_or(match self {
            Self::Corrupt(_) => io::ErrorKind::InvalidData,
            Self::Conflict(_) => io::ErrorKind::ResourceBusy,
            Self::Unavailable(_) => io::ErrorKind::Other,
            Self::TimedOut(_) => io::ErrorKind::TimedOut,
            Self::Rejected(_) => io::ErrorKind::PermissionDenied,
            Self::Unsupported(_) => io::ErrorKind::Unsupported,
            Self::Config(_) => io::ErrorKind::InvalidInput,
        })
    }

    /// Turns whatever a store returned into a session error that says where:
    /// the methods of a derived backend do so by themselves, and this is for
    /// what a backend offers besides them. User, password and query are taken
    /// out of URLs.
    ///
    /// ```
    /// use ferogram_session::SessionError;
    /// use std::io;
    ///
    /// let refused = io::Error::other("no redis://me:secret@host:6379/0");
    /// let error = SessionError::locate(refused, "redis", None, "sessions");
    /// assert_eq!(error.to_string(), "redis: sessions: no redis://host:6379/0");
    /// ```
    #[must_use]
    pub fn locate(
        error: io::Error,
        backend: &str,
        key: Option<&str>,
        operation: &'static str,
    ) -> io::Error {
        let mut error = Self::from_store(error);
        let details = error.details_mut();
        details.backend.get_or_insert_with(|| backend.to_owned());
        details.key = details.key.take().or_else(|| key.map(str::to_owned));
        details.operation.get_or_insert(operation);
        error.into()
    }

    /// Says which session, where the store knows that better than its key does.
    pub(crate) fn in_session(error: io::Error, session: &str) -> io::Error {
        let mut error = Self::from_store(error);
        error.details_mut().key.get_or_insert_with(|| session.to_owned());
        error.into()
    }

    /// Says what the user can do about it, unless that was said.
    pub(crate) fn or_help(error: io::Error, help: &str) -> io::Error {
        let mut error = Self::from_store(error);
        error.details_mut().help.get_or_insert_with(|| help.to_owned());
        error.into()
    }

    /// Of damage, what can be done about it everywhere, unless the store knows
    /// better.
    pub(crate) fn or_left_alone(error: io::Error) -> io::Error {
        match Self::of(&error) {
            Some(Self::Corrupt(_)) => Self::or_help(error, LEFT_ALONE),
            _ => error,
        }
    }

    /// Says what was being done, by whoever made several calls for it.
    pub(crate) fn within(error: io::Error, context: &str) -> io::Error {
        let mut error = Self::from_store(error);
        error.details_mut().context = Some(scrub(context));
        error.into()
    }

    fn from_store(error: io::Error) -> Self {
        let kind = error.kind();
        let error = match error.downcast::<Self>() {
            Ok(error) => return error,
            Err(error) => error,
        };
        let text = error.to_string();
        let message = scrub(&text);
        // What had to be hidden in the text stands in the source, too.
        let clean = message == text;
        let found = match kind {
            io::ErrorKind::InvalidData => Self::corrupt(message),
            io::ErrorKind::TimedOut => Self::timed_out(message),
            io::ErrorKind::Unsupported => Self::unsupported(message),
            io::ErrorKind::InvalidInput => Self::config(message),
            _ => Self::unavailable(message),
        };
        let found = found.with_kind(kind);
        let found = match kind {
            io::ErrorKind::InvalidFilename => {
                found.help("the store takes no name as long as this: choose a shorter key")
            }
            _ => found,
        };
        if clean { found.caused_by(error) } else { found }
    }

    fn details_mut(&mut self) -> &mut Details {
        match self {
            Self::Corrupt(details)
            | Self::Conflict(details)
            | Self::Unavailable(details)
            | Self::TimedOut(details)
            | Self::Rejected(details)
            | Self::Unsupported(details)
            | Self::Config(details) => details,
        }
    }
}

/// What is true of damage in any store: nobody writes over it.
pub(crate) const LEFT_ALONE: &str =
    "it was left as it is: put a copy back, or delete the session and log in anew";

/// Takes user, password and query out of URLs, which clients like to quote.
fn scrub(text: &str) -> String {
    let ends_url =
        |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>' | ')' | ',');
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, url) = rest.split_at(at + 3);
        clean.push_str(before);
        let (url, after) = url.split_at(url.find(ends_url).unwrap_or(url.len()));
        let url = url.split_once(['?', '#']).map_or(url, |(url, _)| url);
        // A password may hold a slash that nobody escaped.
        clean.push_str(url.rsplit_once('@').map_or(url, |(_, host)| host));
        rest = after;
    }
    clean.push_str(rest);
    clean
}

impl Details {
    /// What happened.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// The byte of what is stored at which reading failed.
    #[must_use]
    pub fn offset(&self) -> Option<u64> {
        self.offset
    }

    /// The backend's name.
    #[must_use]
    pub fn backend(&self) -> Option<&str> {
        self.backend.as_deref()
    }

    /// Which session in the store.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// The method that was called.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.operation
    }
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let details = self.details();
        if let Some(context) = &details.context {
            write!(f, "{context}: ")?;
        }
        if let Some(backend) = &details.backend {
            write!(f, "{backend}: ")?;
        }
        match (details.operation, &details.key) {
            (Some(operation), Some(key)) => write!(f, "{operation} session {key:?}: ")?,
            (Some(operation), None) => write!(f, "{operation}: ")?,
            (None, Some(key)) => write!(f, "session {key:?}: ")?,
            (None, None) => {}
        }
        f.write_str(&details.message)?;
        if let Some(offset) = details.offset {
            write!(f, " (at byte {offset})")?;
        }
        if let Some(help) = &details.help {
            write!(f, "; {help}")?;
        }
        Ok(())
    }
}

impl StdError for SessionError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.details().source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

impl From<SessionError> for io::Error {
    fn from(error: SessionError) -> Self {
        io::Error::new(error.kind(), error)
    }
}

impl fmt::Debug for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Details");
        shown.field("message", &self.message);
        let texts = [
            ("help", &self.help),
            ("context", &self.context),
            ("backend", &self.backend),
            ("key", &self.key),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                shown.field(name, text);
            }
        }
        if let Some(operation) = self.operation {
            shown.field("operation", &operation);
        }
        if let Some(offset) = self.offset {
            shown.field("offset", &offset);
        }
        if let Some(source) = &self.source {
            shown.field("source", source);
        }
        shown.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_lose_credentials_and_queries() {
        for (text, clean) in [
            ("no url at all", "no url at all"),
            ("no redis://me:secret@host:6379/0, refused", "no redis://host:6379/0, refused"),
            ("\"libsql://db.example?authToken=secret\" is down", "\"libsql://db.example\" is down"),
            ("a://u:p/w@h/x and b://h#f", "a://h/x and b://h"),
        ] {
            assert_eq!(scrub(text), clean);
        }
        let error = io::Error::other("redis://me:secret@host is down");
        let error = SessionError::locate(error, "redis", Some("bot"), "load");
        assert!(!format!("{error} {error:?}").contains("secret"));
    }

    #[test]
    fn a_connection_that_ends_early_is_not_damage() {
        let error = SessionError::locate(io::ErrorKind::UnexpectedEof.into(), "b", None, "load");
        assert!(matches!(SessionError::of(&error), Some(SessionError::Unavailable(_))));
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }

    #[test]
    fn a_name_that_is_too_long_comes_with_a_remedy() {
        let error = SessionError::locate(
            io::ErrorKind::InvalidFilename.into(),
            "folder",
            Some("a long key"),
            "save",
        );
        assert!(error.to_string().ends_with("choose a shorter key"), "{error}");
    }
}
