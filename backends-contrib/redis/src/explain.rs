//! What the client says, as what a user can do about it.

use crate::config::RedisConfig;
use crate::rights;
use crate::wire;
use ferogram_session::SessionError;
use redis::ErrorKind::Parse;
use redis::RedisError;
use std::io::{self, ErrorKind};

/// The word that an answer of the server begins with, such as `NOSCRIPT`;
/// empty if it is not the server that speaks.
pub(crate) fn code(error: &RedisError) -> String {
    let answers = error.clone().into_server_errors();
    answers.and_then(|all| Some(all.first()?.1.code().to_owned())).unwrap_or_default()
}

/// Whether the server will be ready in a moment.
pub(crate) fn passes(error: &RedisError) -> bool {
    matches!(code(error).as_str(), "LOADING" | "BUSY")
}

/// Whether the client could make nothing of what came, or nothing came.
pub(crate) fn is_without_a_word(error: &RedisError) -> bool {
    code(error).is_empty()
        && !wire::panicked(error)
        && !error.is_connection_refusal()
        && (error.is_connection_dropped() || error.is_io_error() || error.kind() == Parse)
}

pub(crate) fn explain(config: &RedisConfig, error: &RedisError) -> io::Error {
    let (server, code, said) = (config.server(), code(error), said(config, error));
    let unavailable = |what: &str| SessionError::unavailable(format!("{server} {what}: {said}"));
    let code = if rights::missing(&said) { "NOPERM" } else { &code };
    let error = match code {
        "" => return unanswered(config, error, &said),
        "FOREIGN" => SessionError::corrupt(format!("at {server} {said}; it was left as it is"))
            .help("use another session name or prefix, or remove that key by hand"),
        "WRONGTYPE" => SessionError::corrupt(format!("{server}: {said}"))
            .help("use another session name or prefix, or remove that key by hand"),
        "WRONGPASS" | "NOAUTH" | "NOPERM" => {
            SessionError::rejected(format!("{server} refused: {said}"))
                .help(format!("give a user and password that may run {}", rights::in_words()))
        }
        // The server may have become a replica while we were connected: a new
        // connection may find the new primary under the same name.
        "READONLY" => unavailable("is a replica")
            .with_kind(ErrorKind::ConnectionAborted)
            .help("give the address of the primary"),
        "OOM" => unavailable("is full")
            .with_kind(ErrorKind::StorageFull)
            .help("raise its maxmemory, or remove what it holds besides sessions"),
        "MISCONF" | "NOREPLICAS" => unavailable("takes no writes")
            .help("see in its log why it cannot save to disk or reach its replicas"),
        "LOADING" | "BUSY" => {
            unavailable("is not ready").help("try again when it has loaded its data")
        }
        "MASTERDOWN" => unavailable("has lost its primary").help("see that the primary runs"),
        "MOVED" | "ASK" | "CROSSSLOT" | "CLUSTERDOWN" | "TRYAGAIN" => unavailable(
            "is of a cluster",
        )
        .help("see that the cluster is whole, and connect with `RedisConfig::connection_with`"),
        _ => unavailable("says").help("see its log, and that it is Redis 6.0 or newer"),
    };
    error.into()
}

/// A call that has waited for others until there was no time to ask.
pub(crate) fn no_time(config: &RedisConfig) -> io::Error {
    let (server, time) = (config.server(), config.timeout);
    SessionError::timed_out(format!("of {time:?} for a call nothing was left to ask {server}"))
        .help("see that it answers, and what else writes this session; nothing was written")
        .into()
}

/// What happened, if the server did not say it.
fn unanswered(config: &RedisConfig, error: &RedisError, said: &str) -> io::Error {
    let server = config.server();
    let aborted = |what: &str| {
        SessionError::unavailable(format!("{server} {what}: {said}"))
            .with_kind(ErrorKind::ConnectionAborted)
    };
    let found = if error.is_timeout() {
        SessionError::timed_out(format!("{server} did not answer within {:?}", config.timeout))
            .help("see that it answers; whether a write took effect is unknown until the next read")
    } else if error.kind() == redis::ErrorKind::AuthenticationFailed {
        SessionError::rejected(format!("{server} refused: {said}"))
            .help("check the user and the password")
    } else if said.contains("refused to switch database") {
        SessionError::config(format!("{server} does not let us in: {said}")).help(
            "see the number behind the address: a server has 16 databases unless set up \
                 otherwise, and one of a cluster only 0",
        )
    } else if wire::panicked(error) {
        let what = format!("the thread of the connection to {server} panicked");
        SessionError::unavailable(what).with_kind(ErrorKind::ConnectionAborted).help(
            "see what the panic said, and mend what `RedisConfig::connection_with` was given; whether \
             a write took effect is unknown until the next read",
        )
    } else if error.is_connection_refusal() {
        SessionError::unavailable(format!("cannot reach {server}: {said}"))
            .with_kind(ErrorKind::ConnectionRefused)
            .help("see that the server runs and that its address is right")
    } else if error.is_connection_dropped() {
        aborted("hung up").help(
            "see that the server runs, whether it wants TLS, and whether it has as many clients as \
             `maxclients` allows; whether a write took effect is unknown until the next read",
        )
    } else if error.kind() == redis::ErrorKind::InvalidClientConfig {
        SessionError::config(format!("cannot connect to {server}: {said}"))
            .help("see the address and the certificates; `rediss://` needs the feature `tls`")
    } else if error.kind() == redis::ErrorKind::MasterNameNotFoundBySentinel {
        SessionError::unavailable(format!("the sentinels name no primary: {said}"))
            .help("see that it is the name they know it by; during a failover, try again")
    } else if error.kind() == Parse {
        SessionError::unavailable(format!("{server} answered in another language: {said}"))
            .help("see that this is the address of a Redis server, and whether it wants TLS")
    } else {
        SessionError::unavailable(format!("cannot talk to {server}: {said}")).help(
            "see that the address is right, and for `rediss://` that its certificate is trusted \
             (`RedisConfig::certificates`)",
        )
    };
    found.into()
}

/// Enough of what was said to know what happened. A server quotes the
/// arguments of a command that it does not know.
fn said(config: &RedisConfig, error: &RedisError) -> String {
    const ENOUGH: usize = 300;
    let answers = error.clone().into_server_errors();
    let text = match answers.as_ref().and_then(|all| all.first()) {
        Some((_, answer)) => answer.details().unwrap_or(answer.code()).to_owned(),
        None => error.to_string(),
    };
    let text = text.split(", with args beginning with").next().unwrap_or_default();
    let text = match config.secret() {
        Some(secret) if !secret.is_empty() => text.replace(secret, "…"),
        _ => text.to_owned(),
    };
    text.chars().take(ENOUGH).collect()
}
