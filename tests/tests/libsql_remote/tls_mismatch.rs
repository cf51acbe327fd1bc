//! An address for TLS, and a server without; or the other way round: what is
//! said must be what to write instead.

use ferogram_session::{LibSqlBackend, SessionBackend, SessionError};
use ferogram_session_servers::certificates::Authority;
use ferogram_session_servers::sqld::Sqld;
use ferogram_session_servers::tls::Tls;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;
use tempfile::tempdir;

const TOKEN: &str = "a-token-that-nobody-asks-for";

/// That it is a mistake in the address, and says what to write.
#[track_caller]
fn says(url: &str, instead: &str) {
    let folder = tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let remote = LibSqlBackend::remote(url, TOKEN);
    for error in [
        remote.load().unwrap_err(),
        remote.set_home_dc(2).unwrap_err(),
        LibSqlBackend::open_remote(url, TOKEN).map(drop).unwrap_err(),
        LibSqlBackend::open_replica(copy, url, TOKEN).map(drop).unwrap_err(),
    ] {
        let text = error.to_string();
        assert!(matches!(SessionError::of(&error), Some(SessionError::Config(_))), "{text}");
        assert!(text.contains("without TLS") && text.contains(instead), "{text}");
        assert!(!format!("{text} {error:?}").contains(TOKEN), "{text}");
    }
}

#[test]
fn tls_is_asked_for_and_the_server_has_none() {
    let server = Sqld::open();
    let at = server.address();
    let instead = format!("write `http://{at}`");
    for url in [format!("libsql://{at}"), format!("https://me:hunter2@{at}"), at.to_string()] {
        says(&url, &instead);
    }
}

#[test]
fn tls_is_not_asked_for_and_the_server_has_nothing_else() {
    let server = Sqld::open();
    let tls = Tls::before(server.address(), &Authority::new().certify("127.0.0.1"));
    let instead = format!("write `libsql://{}`", tls.address());
    for url in [format!("http://{}", tls.address()), format!("ws://{}", tls.address())] {
        says(&url, &instead);
    }
}

/// Answers everybody alike, for as long as the program runs.
fn answering(answer: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

#[test]
fn what_stands_before_servers_says_it_in_its_own_way() {
    for answer in [
        // Go, and nginx.
        "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n",
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 49\r\nConnection: close\r\n\r\n\
         The plain HTTP request was sent to the HTTPS port",
        "HTTP/1.1 308 Permanent Redirect\r\nLocation: https://a/\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 301 Moved Permanently\r\nLocation: https://a/\r\nContent-Length: 0\r\n\r\n",
    ] {
        let address = answering(answer);
        let error = LibSqlBackend::remote(format!("http://{address}"), TOKEN).load().unwrap_err();
        let text = error.to_string();
        assert!(matches!(SessionError::of(&error), Some(SessionError::Config(_))), "{text}");
        assert!(text.contains(&format!("write `libsql://{address}`")), "{text}");
    }
}

#[test]
fn a_server_that_hangs_up_at_once_may_want_the_other_one() {
    let address = answering("");
    let error = LibSqlBackend::remote(format!("http://{address}"), TOKEN).load().unwrap_err();
    assert!(error.to_string().contains(&format!("`libsql://{address}`")), "{error}");
    let error = LibSqlBackend::remote(format!("libsql://{address}"), TOKEN).load().unwrap_err();
    assert!(error.to_string().contains("begins with `http://`"), "{error}");
}
