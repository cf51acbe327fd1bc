//! Where a client is better off than with 0.6.6.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use drop_in::server::Caller;
use drop_in::{Answer, Outcome, Server, builder, connect, run, runtimes, seed};
use ferogram::StringSessionBackend;
use ferogram_session::string_session::{Session, StringSession};

// A session that cannot be read stops the client: it must neither start a new
// login nor touch what is stored. With 0.6.6 it does both.

#[test]
fn a_damaged_file_is_an_error_of_connect() {
    let server = Server::start(Answer::Close);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.session");
    seed(&server.addr()).save(&path).unwrap();

    let whole = std::fs::read(&path).unwrap();
    // Cut short, and emptied, as a full disk leaves a file behind.
    for length in [whole.len() / 2, 1, 0] {
        let damaged = &whole[..length];
        std::fs::write(&path, damaged).unwrap();
        for (name, runtime) in runtimes() {
            let trap = Server::start(Answer::Close);
            let builder = builder(&trap).session(&path);
            let outcome = run(runtime, connect(builder));
            let Outcome::Failed(error) = outcome else {
                panic!("{name}: {length} bytes were taken for a session: {outcome:?}");
            };
            assert_eq!(trap.callers(), [], "{name}: a new login was begun");
            assert_eq!(server.callers(), [], "{name}");
            assert_eq!(std::fs::read(&path).unwrap(), damaged, "{name}");
            assert!(
                error.contains("bot.session"),
                "{name}: the error does not name the file: {error}"
            );
        }
    }
}

#[test]
fn a_damaged_string_is_an_error_of_connect() {
    let server = Server::start(Answer::Close);
    let text = seed(&server.addr()).to_string();
    for damaged in [&text[..text.len() / 2], "not a session"] {
        for (name, runtime) in runtimes() {
            let trap = Server::start(Answer::Close);
            let builder = builder(&trap).session_string(damaged);
            let outcome = run(runtime, connect(builder));
            assert!(
                matches!(outcome, Outcome::Failed(_)),
                "{name}: was taken for a session: {outcome:?}"
            );
            assert_eq!((trap.callers(), server.callers()), (vec![], vec![]), "{name}");
        }
    }
}

/// The client's builder knows compact strings; the backend does too.
#[test]
fn the_string_backend_takes_a_compact_string() {
    let server = Server::start(Answer::Close);
    let text = StringSession::from(Session {
        dc_id: 4,
        ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
        port: server.port(),
        auth_key: drop_in::seed::KEY,
        user_id: 1,
    })
    .encode();
    for (name, runtime) in runtimes() {
        let before = server.callers().len();
        let trap = Server::start(Answer::Close);
        let backend = Arc::new(StringSessionBackend::new(text.as_str()));
        run(runtime, connect(builder(&trap).session_backend(backend)));
        assert_eq!(server.callers()[before..], [Caller::WithKey], "{name}");
        assert_eq!(trap.callers(), [], "{name}");
    }
}
