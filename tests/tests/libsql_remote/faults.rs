use ferogram_session::{LibSqlBackend, SessionBackend, SessionError};
use ferogram_session_servers::proxy::{Fault, Proxy};
use ferogram_session_servers::{free_address, sqld::Sqld};
use ferogram_session_tests::sessions::{dc, full, normal, user};
use std::collections::HashSet;
use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

fn url(proxy: &Proxy) -> String {
    format!("http://{}", proxy.address())
}

fn unavailable(error: &io::Error) {
    let text = error.to_string();
    assert!(matches!(SessionError::of(error), Some(SessionError::Unavailable(_))), "{text}");
    assert!(text.contains("127.0.0.1"), "{text}");
}

#[test]
fn a_server_that_is_not_there_is_an_error_at_once() {
    let backend = LibSqlBackend::remote(format!("http://me:hunter2@{}", free_address()), "");
    let began = Instant::now();
    for error in [backend.load().unwrap_err(), backend.save(&full(1)).unwrap_err()] {
        unavailable(&error);
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused, "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[test]
fn what_was_acknowledged_outlives_a_killed_server() {
    let mut server = Sqld::open();
    let backend = LibSqlBackend::remote(server.url(), "");
    backend.save(&full(1)).unwrap();
    let mut stored = HashSet::new();
    for round in 0..3_i64 {
        let url = server.url();
        let stop = AtomicBool::new(false);
        let acknowledged = std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                let backend = LibSqlBackend::remote(&url, "");
                let mut acknowledged = Vec::new();
                for id in (1_000 + round * 100_000).. {
                    if backend.cache_peer(&user(id, 1)).is_ok() {
                        acknowledged.push(id);
                    } else if stop.load(Ordering::SeqCst) {
                        return acknowledged;
                    }
                }
                acknowledged
            });
            std::thread::sleep(Duration::from_millis(400));
            server.kill();
            stop.store(true, Ordering::SeqCst);
            writer.join().unwrap()
        });
        assert!(!acknowledged.is_empty());
        stored.extend(acknowledged);
        unavailable(&backend.load().unwrap_err());
        server.start();
        let loaded = backend.load().unwrap().unwrap();
        let loaded: HashSet<i64> = loaded.peers.iter().map(|peer| peer.id).collect();
        assert!(stored.is_subset(&loaded));
        backend.set_home_dc(round as i32 + 1).unwrap();
        assert_eq!(backend.load().unwrap().unwrap().home_dc_id, round as i32 + 1);
    }
}

#[test]
fn a_server_that_hangs_is_waited_for_until_the_deadline() {
    let server = Sqld::open();
    let proxy = Proxy::new(server.address());
    let backend = LibSqlBackend::__remote(&url(&proxy), "", Duration::from_secs(1));
    backend.save(&full(1)).unwrap();
    proxy.set(Fault::Hang);
    let fresh = LibSqlBackend::__remote(&url(&proxy), "", Duration::from_secs(1));
    for error in [
        backend.load().unwrap_err(),
        backend.set_home_dc(7).unwrap_err(),
        fresh.load().unwrap_err(),
        fresh.save(&full(1)).unwrap_err(),
    ] {
        assert_eq!(error.kind(), io::ErrorKind::TimedOut, "{error}");
    }
    let began = Instant::now();
    backend.delete().unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    proxy.set(Fault::None);
    backend.save(&full(2)).unwrap();
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(2))));
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

#[test]
fn an_answer_that_never_ends_is_waited_for_until_the_deadline() {
    let server = Sqld::open();
    let proxy = Proxy::new(server.address());
    let remote = || LibSqlBackend::__remote(&url(&proxy), "", Duration::from_secs(1));
    let backend = remote();
    backend.save(&full(1)).unwrap();
    // A byte now and then: no single read takes long.
    proxy.set(Fault::Trickle(Duration::from_millis(200)));
    for backend in [&backend, &remote()] {
        let began = Instant::now();
        for error in [
            backend.load().unwrap_err(),
            backend.save(&full(2)).unwrap_err(),
            backend.set_home_dc(7).unwrap_err(),
            backend.cache_peer(&user(7, 7)).unwrap_err(),
        ] {
            assert_eq!(error.kind(), io::ErrorKind::TimedOut, "{error}");
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    }
    proxy.set(Fault::None);
    backend.save(&full(3)).unwrap();
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(3))));
}

#[test]
fn a_connection_that_breaks_is_opened_again() {
    let server = Sqld::open();
    let proxy = Proxy::new(server.address());
    let backend = LibSqlBackend::remote(url(&proxy), "");
    backend.save(&full(1)).unwrap();
    for round in 0..5 {
        proxy.set(Fault::Cut);
        unavailable(&backend.load().unwrap_err());
        proxy.set(Fault::None);
        backend.set_home_dc(round).unwrap();
        assert_eq!(backend.load().unwrap().unwrap().home_dc_id, round);
    }
    proxy.set(Fault::Delay(Duration::from_millis(30)));
    backend.set_home_dc(1).unwrap();
    assert_eq!(backend.load().unwrap().unwrap().home_dc_id, 1);
}

#[test]
fn a_call_that_is_cut_off_is_an_error_or_made_again() {
    let server = Sqld::open();
    let proxy = Proxy::new(server.address());
    let backend = LibSqlBackend::__remote(&url(&proxy), "", Duration::from_secs(2));
    backend.save(&full(20)).unwrap();
    let faults = [Fault::CutAnswer, Fault::HalfClose]
        .into_iter()
        .chain([1, 40, 150, 400, 1_000].map(Fault::CutAnswerAfter))
        .chain([1, 40, 400, 1_000].map(Fault::CutRequestAfter));
    for (round, fault) in faults.enumerate() {
        let round = round as i32 + 1;
        proxy.set(fault);
        // A part of an answer is never taken for the whole.
        if let Ok(session) = backend.load() {
            assert_eq!(session.unwrap().peers.len(), 23, "{fault:?}");
        }
        let key = dc(2, ferogram_session::DcFlags::STATIC, Some(round as u8));
        let saved = backend.update_dc(&key);
        proxy.set(Fault::None);
        let loaded = backend.load().unwrap().unwrap();
        let stored = loaded.dcs.contains(&key);
        assert!(stored || saved.is_err(), "{fault:?} {saved:?}");
        // Whatever became of the call, the next one says the last word.
        let mut session = full(20);
        session.updates_state.pts = round;
        backend.save(&session).unwrap();
        let again = LibSqlBackend::remote(server.url(), "").load().unwrap();
        assert_eq!(again.map(normal), Some(normal(session)), "{fault:?}");
    }
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
    let answers: [&'static [u8]; 7] = [
        b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 3\r\n\r\n\xff\xfe\xfd",
        b"HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n<html>no</html>",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\ncontent-length: 42\r\n\r\n{\"baton\":null,\"base_url\":null,\"results\":[]}",
        b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
        b"SSH-2.0-nothing of yours\r\n",
        b"",
    ];
    for answer in answers {
        let url = answering(answer);
        let backend = LibSqlBackend::__remote(&url, "", Duration::from_secs(2));
        for error in [backend.load().map(drop).unwrap_err(), backend.save(&full(1)).unwrap_err()] {
            unavailable(&error);
        }
    }
    let answer = b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n";
    let error = LibSqlBackend::remote(answering(answer), "x").load().unwrap_err();
    assert!(matches!(SessionError::of(&error), Some(SessionError::Rejected(_))), "{error}");
}
