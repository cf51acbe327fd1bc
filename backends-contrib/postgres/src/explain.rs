//! What the server or the connection says, as an error that says what to do.

use ferogram_session::SessionError;
use std::error::Error as _;
use std::io;
use std::time::Duration;
use tokio_postgres::Error;
use tokio_postgres::error::{DbError, SqlState};

/// The words of the server, without what it adds to them: that may hold the
/// values of a statement.
pub(crate) fn explain(error: &Error, server: &str) -> io::Error {
    match error.as_db_error() {
        Some(error) => refused(error, server),
        None => broken(error, server),
    }
}

/// Nothing came within `time`.
pub(crate) fn silent(server: &str, time: Duration) -> io::Error {
    SessionError::timed_out(format!("{server}: no answer within {time:?}"))
        .help("see that host and port are those of a PostgreSQL server, that it is not overloaded, and that no firewall swallows what is sent; whether a write took effect is unknown until the next read")
        .into()
}

/// Whether the server would have left rows out that this role is not to see,
/// in whatever language it says so.
fn is_row_security(error: &DbError) -> bool {
    *error.code() == SqlState::INSUFFICIENT_PRIVILEGE
        && matches!(error.routine(), Some("check_enable_rls" | "ExecWithCheckOptions"))
}

fn refused(error: &DbError, server: &str) -> io::Error {
    let code = error.code();
    let what = format!("{server}: {} (SQLSTATE {})", error.message(), code.code());
    let unavailable =
        |kind, help: &str| SessionError::unavailable(what.as_str()).with_kind(kind).help(help);
    let found = match *code {
        SqlState::INVALID_PASSWORD => SessionError::rejected(what)
            .help("correct user and password in the URL, or let this host in by pg_hba.conf"),
        SqlState::INVALID_AUTHORIZATION_SPECIFICATION => SessionError::rejected(what).help(
            "correct the user in the URL, or let this host in by pg_hba.conf; a `hostssl` there wants `sslmode=require` in the URL, a `hostnossl` wants `sslmode=disable`",
        ),
        _ if is_row_security(error) => SessionError::rejected(what).help(
            "rows hidden from this role would pass for none: DISABLE ROW LEVEL SECURITY on the six tables, connect as their owner, or ALTER ROLE .. BYPASSRLS",
        ),
        SqlState::INSUFFICIENT_PRIVILEGE => SessionError::rejected(what).help(
            "grant this role SELECT, INSERT, UPDATE and DELETE on the tables, and to make them USAGE and CREATE on their schema",
        ),
        SqlState::INVALID_CATALOG_NAME => {
            SessionError::config(what).help("create the database, or correct its name in the URL")
        }
        SqlState::INVALID_SCHEMA_NAME => SessionError::config(what)
            .help("create the schema, or name another one with `PostgresConfig::schema`"),
        SqlState::PROGRAM_LIMIT_EXCEEDED => {
            SessionError::config(what).help("give the session a shorter name")
        }
        SqlState::UNDEFINED_TABLE | SqlState::UNDEFINED_COLUMN => {
            unavailable(io::ErrorKind::NotFound, "the tables are not as they were: restore them from a backup, or drop all of them to begin with empty ones")
        }
        SqlState::READ_ONLY_SQL_TRANSACTION => unavailable(
            io::ErrorKind::ReadOnlyFilesystem,
            "connect to the primary, or to several hosts with `target_session_attrs=read-write`; nothing was changed",
        ),
        SqlState::DISK_FULL => {
            unavailable(io::ErrorKind::StorageFull, "make room on the server; nothing was changed")
        }
        SqlState::OUT_OF_MEMORY => {
            unavailable(io::ErrorKind::OutOfMemory, "give the server more memory; nothing was changed")
        }
        SqlState::TOO_MANY_CONNECTIONS => unavailable(
            io::ErrorKind::ResourceBusy,
            "raise max_connections, or put PgBouncer before the server",
        ),
        SqlState::QUERY_CANCELED | SqlState::LOCK_NOT_AVAILABLE => SessionError::timed_out(what)
            .help("raise statement_timeout or lock_timeout for this role; nothing was changed"),
        SqlState::CANNOT_CONNECT_NOW => unavailable(
            io::ErrorKind::ConnectionRefused,
            "wait until the server is up; a standby has to be a hot one",
        ),
        // The connection is gone with these.
        SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::IDLE_SESSION_TIMEOUT
        | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
        | SqlState::DATABASE_DROPPED => {
            unavailable(io::ErrorKind::ConnectionAborted, "see that the server is up")
        }
        _ if code.code().starts_with("08") => {
            unavailable(io::ErrorKind::ConnectionAborted, "see the log of the server or the pooler")
        }
        _ => unavailable(io::ErrorKind::Other, "see the server's log"),
    };
    found.into()
}

/// Everything that is no answer of the server.
fn broken(error: &Error, server: &str) -> io::Error {
    let mut what = format!("{server}: {error}");
    let mut kind = io::ErrorKind::Other;
    if error.is_closed() {
        kind = io::ErrorKind::ConnectionAborted;
    }
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(inner) = inner.downcast_ref::<io::Error>() {
            kind = inner.kind();
        }
        what.push_str(&format!(": {inner}"));
        cause = inner.source();
    }
    // The client does not tell these apart but in words.
    let stage = error.to_string();
    let found = if stage.contains("TLS") {
        let help = if what.contains("does not support TLS") {
            "turn TLS on there (`ssl = on`), or write `sslmode=disable` (keys are then sent in the open); to what speaks TLS from the first byte, `sslnegotiation=direct`"
        } else if what.contains("handshake eof") {
            "take `sslnegotiation=direct` out of the URL if it is there: before PostgreSQL 17 a server wants to be asked for TLS"
        } else {
            "see that the server has TLS on, and its certificate the host's name and an authority that is trusted here"
        };
        SessionError::rejected(what).help(help)
    } else if stage.contains("authentication") || stage.contains("configuration") {
        SessionError::rejected(what).help("correct user and password in the URL")
    } else {
        // What makes no sense on the wire is no damage of what is stored.
        let kind = if kind == io::ErrorKind::InvalidData { io::ErrorKind::Other } else { kind };
        SessionError::unavailable(what)
            .with_kind(kind)
            .help("see that host and port are those of a PostgreSQL server, and that it is up")
    };
    found.into()
}
