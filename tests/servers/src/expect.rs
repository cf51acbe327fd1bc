//! What every error of a backend over a server must tell its reader, and what
//! it must not.

use ferogram_session::SessionError;
use std::io;

/// That `error` is a [`SessionError`] which names the backend, the session and
/// the operation, says what to do, and holds none of `secrets`, in words or in
/// `Debug`, with all of its causes.
///
/// # Panics
///
/// If one of these does not hold.
#[track_caller]
pub fn tells(error: &io::Error, backend: &str, session: &str, operation: &str, secrets: &[&str]) {
    let typed = SessionError::of(error).unwrap_or_else(|| panic!("no SessionError, but {error}"));
    assert_eq!(typed.details().backend(), Some(backend), "{error}");
    assert_eq!(typed.details().key(), Some(session), "{error}");
    assert_eq!(typed.details().operation(), Some(operation), "{error}");
    assert!(typed.details().help().is_some(), "what to do is not said: {error}");
    let text = error.to_string();
    for part in [backend, session, operation] {
        assert!(text.contains(part), "{part:?} is not in: {text}");
    }
    keeps(error, secrets);
}

/// That none of `secrets` is in `error`, in words or in `Debug`, nor in its causes.
///
/// # Panics
///
/// If one is.
#[track_caller]
pub fn keeps(error: &io::Error, secrets: &[&str]) {
    let mut text = format!("{error} {error:?}");
    let mut cause: Option<&dyn std::error::Error> =
        error.get_ref().map(|inner| inner as &dyn std::error::Error);
    while let Some(inner) = cause {
        text.push_str(&format!(" {inner} {inner:?}"));
        cause = inner.source();
    }
    for secret in secrets {
        assert!(!secret.is_empty() && !text.contains(secret), "a secret is in an error");
    }
}
