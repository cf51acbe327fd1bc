use ferogram_session::{LibSqlBackend, SessionBackend, SessionError};
use ferogram_session_servers::faults::{CALLS, Faults};
use ferogram_session_servers::proxy::{Fault, Proxy};
use ferogram_session_servers::{free_address, sqld::Sqld};
use ferogram_session_tests::sessions::{full, normal};
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

const TOKEN: &str = "a-token-that-nobody-asks-for";

fn url(proxy: &Proxy) -> String {
    format!("http://{}", proxy.address())
}

fn faults(server: SocketAddr) -> Faults<'static> {
    Faults {
        backend: "libsql-server",
        session: "default",
        secrets: &[TOKEN],
        server,
        make: &|address, timeout| {
            Box::new(LibSqlBackend::__remote(&format!("http://{address}"), TOKEN, timeout))
        },
    }
}

fn over_a_network(test: impl FnOnce(&Faults<'static>)) {
    let server = Sqld::open();
    test(&faults(server.address()));
}

#[test]
fn a_server_that_is_not_there_is_an_error_at_once() {
    over_a_network(Faults::refused);
    let backend = LibSqlBackend::remote(format!("http://me:hunter2@{}", free_address()), "");
    let error = backend.load().unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}

#[test]
fn a_server_that_hangs_is_waited_for_until_the_deadline() {
    over_a_network(Faults::hung);
}

#[test]
fn an_answer_that_never_ends_is_waited_for_until_the_deadline() {
    over_a_network(Faults::trickling);
}

#[test]
fn a_slow_network() {
    over_a_network(Faults::slow);
}

#[test]
fn a_connection_that_breaks_is_opened_again() {
    over_a_network(Faults::cut_while_idle);
}

#[test]
fn a_call_that_is_cut_off_is_an_error_or_made_again() {
    over_a_network(Faults::cut_in_the_middle);
}

#[test]
fn what_was_acknowledged_outlives_a_killed_server() {
    let mut server = Sqld::open();
    let faults = faults(server.address());
    faults.killed(&mut server, Sqld::kill, Sqld::start);
}

/// Each answer comes in time, and all of them together do not.
#[test]
fn all_answers_of_a_call_count_against_one_deadline() {
    let server = Sqld::open();
    let proxy = Proxy::new(server.address());
    let backend = LibSqlBackend::__remote(&url(&proxy), "", Duration::from_secs(2));
    assert!(backend.load().unwrap().is_none(), "and the client is ready");
    let before = proxy.round_trips();
    proxy.set(Fault::Delay(Duration::from_millis(300)));
    let began = Instant::now();
    // Are there tables? None; makes them, looks for a session, writes it.
    let error = backend.save(&full(1)).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut, "{error}");
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert!(proxy.round_trips() - before > 1, "none took too long by itself");
    proxy.set(Fault::None);
    backend.save(&full(1)).unwrap();
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(1))));
}

/// Answers every request with the same bytes.
fn answering(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || {
                let mut buffer = [0; 65_536];
                if stream.read(&mut buffer).is_ok() {
                    let _ = stream.write_all(answer);
                }
            });
        }
    });
    format!("http://{address}")
}

#[test]
fn an_answer_that_makes_no_sense_is_an_error_and_no_panic() {
    over_a_network(Faults::answers_that_make_no_sense);
    let answers: [&'static [u8]; 3] = [
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: 42\r\n\r\n{\"baton\":null,\"base_url\":null,\"results\":[]}",
        b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
    ];
    for answer in answers {
        let backend = LibSqlBackend::__remote(&answering(answer), "", Duration::from_secs(2));
        let faults = faults(free_address());
        faults.fail(&backend, &CALLS.map(|(name, _)| name), |error| {
            matches!(error, SessionError::Unavailable(_))
        });
    }
    let answer = b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n";
    let error = LibSqlBackend::remote(answering(answer), "x").load().unwrap_err();
    assert!(matches!(SessionError::of(&error), Some(SessionError::Rejected(_))), "{error}");
}
