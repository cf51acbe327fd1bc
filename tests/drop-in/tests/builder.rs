//! The ways of naming a session that the client's builder has by itself.
//!
//! `.in_memory()` is not among them in 0.6.6: what stands for it is
//! `.session_string("")`, or an `InMemoryBackend` given to `.session_backend`.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use drop_in::server::Caller;
use drop_in::{Answer, Outcome, Server, builder, connect, run, runtimes, seed};
use ferogram::{ClientBuilder, InMemoryBackend};
use ferogram_session::string_session::{FullSession, Session, StringSession};

/// Connects in each runtime and says who called the stored address and who the
/// address for clients without a session.
fn callers(
    server: &Server,
    with: impl Fn(ClientBuilder) -> ClientBuilder,
) -> Vec<(Vec<Caller>, Vec<Caller>)> {
    runtimes()
        .into_iter()
        .map(|(_, runtime)| {
            let before = server.callers().len();
            let trap = Server::start(Answer::Close);
            let builder = with(builder(&trap));
            let outcome = run(runtime, connect(builder));
            assert!(
                matches!(outcome, Outcome::Failed(_)),
                "both hang up, and connect gave: {outcome:?}"
            );
            (server.callers()[before..].to_vec(), trap.callers())
        })
        .collect()
}

fn found() -> (Vec<Caller>, Vec<Caller>) {
    (vec![Caller::WithKey], vec![])
}

fn none() -> (Vec<Caller>, Vec<Caller>) {
    (vec![], vec![Caller::NewLogin])
}

#[test]
fn session_with_a_path() {
    let server = Server::start(Answer::Close);
    let seed = seed(&server.addr());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.session");

    // Never saved: a new login, which ends with the server's end.
    for found in callers(&server, |b| b.session(&path)) {
        assert_eq!(found, none());
    }
    assert!(!path.exists());

    seed.save(&path).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    for callers in callers(&server, |b| b.session(&path)) {
        assert_eq!(callers, found());
    }
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "the file changed");
}

#[test]
fn session_string_native() {
    let server = Server::start(Answer::Close);
    let text = seed(&server.addr()).to_string();
    for callers in callers(&server, |b| b.session_string(&text)) {
        assert_eq!(callers, found());
    }
}

#[test]
fn session_string_compact() {
    let server = Server::start(Answer::Close);
    let full = FullSession {
        dc_id: 4,
        ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
        port: server.port(),
        auth_key: drop_in::seed::KEY,
        user_id: 1,
        server_salt: 2,
        seq_no: 3,
        layer: 4,
    };
    let short = Session {
        dc_id: full.dc_id,
        ip: full.ip,
        port: full.port,
        auth_key: full.auth_key,
        user_id: full.user_id,
    };
    for text in [StringSession::from(full).encode_v1(), StringSession::from(short).encode()] {
        for callers in callers(&server, |b| b.session_string(&text)) {
            assert_eq!(callers, found());
        }
    }
}

#[test]
fn no_session_is_a_new_login() {
    let server = Server::start(Answer::Close);
    for callers in callers(&server, |b| b.session_string("")) {
        assert_eq!(callers, none());
    }
    for callers in callers(&server, |b| b.session_backend(Arc::new(InMemoryBackend::new()))) {
        assert_eq!(callers, none());
    }
}
