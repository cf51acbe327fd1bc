//! What libSQL's client says, which it does in words only, as an error that
//! says what a user can do about it.

use super::Address;
use crate::error::SessionError;
use libsql::Error;
use std::io::{self, ErrorKind};

pub(super) fn explain(address: &Address, error: &Error) -> io::Error {
    let said = address.redact(&error.to_string());
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let server = address.shown();
    if has(&["status=401", "status=403", "Unauthenticated", "PermissionDenied", "BLOCKED"]) {
        return SessionError::rejected(format!("{server} refused the token: {}", brief(&said)))
            .help("use a token that has not expired and may read and write this database")
            .into();
    }
    if let Some(mismatch) = of_the_scheme(address, &said) {
        return mismatch.into();
    }
    if has(&["error trying to connect", "dns error", "tcp connect"]) {
        let help = if has(&["certificate"]) {
            "name the file of its authority's certificate, in PEM, in SSL_CERT_FILE, and see that \
             the certificate is made out to this host"
        } else if has(&["handshake"]) {
            "see that the server has TLS at this port; to one without, the address begins with \
             `http://`"
        } else {
            "see that the server runs and that its address is right"
        };
        return SessionError::unavailable(format!("cannot reach {server}: {}", brief(&said)))
            .with_kind(ErrorKind::ConnectionRefused)
            .help(help)
            .into();
    }
    let cut =
        has(&["http error", "connection closed", "connection error", "broken pipe", "transport"]);
    if cut && !matches!(error, Error::SqliteFailure(..)) {
        let help = "whether a write took effect is unknown until the next read";
        let at_once = if address.is_encrypted() {
            String::new()
        } else {
            format!("; if it always does, it may want TLS: `{}`", address.with("libsql"))
        };
        return SessionError::unavailable(format!("{server} hung up: {}", brief(&said)))
            .with_kind(ErrorKind::ConnectionAborted)
            .help(format!("{help}{at_once}"))
            .into();
    }
    SessionError::unavailable(format!("{server}: {}", brief(&said)))
        .help("see that the address is that of a libSQL database, and what the server logs")
        .into()
}

/// An address for TLS, and a server without; or the other way round.
fn of_the_scheme(address: &Address, said: &str) -> Option<SessionError> {
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let server = address.shown();
    if address.is_encrypted() {
        // What rustls makes of an answer that is none of TLS.
        return has(&["InvalidContentType"]).then(|| {
            SessionError::config(format!(
                "{server} answers without TLS, which its address asks for"
            ))
            .help(format!(
                "write `{}` (token and keys are then sent in the open), or give the port at \
                     which it has TLS",
                address.with("http")
            ))
        });
    }
    // Some servers of TLS say so in plain words, some close with an alert of TLS,
    // which is no HTTP, and what stands before a server may send on to its other end.
    let sends_on = ["status=301", "status=302", "status=307", "status=308", "status=426"];
    let in_words = has(&["status=400"]) && has(&["HTTPS"]);
    let no_http = has(&["invalid HTTP version parsed"]);
    (in_words || no_http || has(&sends_on)).then(|| {
        let what = format!("{server} does not answer without TLS, as its address asks: ");
        SessionError::config(what + &brief(said)).help(format!(
            "write `{}`; if that does not help, see that this is the address of a libSQL server",
            address.with("libsql")
        ))
    })
}

/// Enough of it to know what happened: what the server gave as its reason, if
/// it gave one.
fn brief(said: &str) -> String {
    const ENOUGH: usize = 300;
    let reason = said.split_once("\"error\":\"").and_then(|(_, reason)| reason.split_once("\"}"));
    let said = reason.map_or(said, |(reason, _)| reason).trim_end();
    let mut brief: String = said.chars().take(ENOUGH).collect();
    if brief.len() < said.len() {
        brief.push('…');
    }
    brief
}
