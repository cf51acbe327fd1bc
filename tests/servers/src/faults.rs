//! What networks and servers do, done to a backend: for every backend over a
//! server the same, so that a test is a line.
//!
//! ```no_run
//! use ferogram_session_servers::faults::Faults;
//! # use ferogram_session::{InMemoryBackend, SessionBackend};
//! # use std::net::SocketAddr;
//! # use std::time::Duration;
//! # let address: SocketAddr = "127.0.0.1:1".parse().unwrap();
//! # fn backend(_: SocketAddr, _: Duration) -> InMemoryBackend { InMemoryBackend::new() }
//!
//! let faults = Faults {
//!     backend: "mine",
//!     session: "my-bot",
//!     secrets: &["the password"],
//!     server: address,
//!     make: &|address, timeout| Box::new(backend(address, timeout)),
//! };
//! faults.refused();
//! faults.hung();
//! ```

use crate::expect::tells;
use crate::process::free_address;
use crate::proxy::{Fault, Proxy};
use crate::sessions::{dc, full, normal, user};
use ferogram_session::{
    DcFlags, PersistedSession, SessionBackend, SessionError, UpdateStateChange,
};
use std::collections::HashSet;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

mod cut;

/// A running server, and how a backend for it is made.
pub struct Faults<'a> {
    /// What its errors call the backend.
    pub backend: &'a str,
    /// The session that `make` gives a backend.
    pub session: &'a str,
    /// What must be in no error.
    pub secrets: &'a [&'a str],
    /// Where the server listens.
    pub server: SocketAddr,
    /// A backend that talks to this address and waits so long.
    pub make: &'a dyn Fn(SocketAddr, Duration) -> Box<dyn SessionBackend>,
}

impl std::fmt::Debug for Faults<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Faults").field("backend", &self.backend).finish_non_exhaustive()
    }
}

/// Long enough for what should succeed.
const LONG: Duration = Duration::from_secs(20);
/// For what should not.
const SHORT: Duration = Duration::from_millis(500);
/// How long a call may take that waits [`SHORT`]: connecting, reading and writing
/// have this together, but the machine may be slow.
const MOST: Duration = SHORT.saturating_mul(4).saturating_add(Duration::from_secs(2));

type Call = fn(&dyn SessionBackend) -> io::Result<()>;

/// Every method of a backend, by the name that its errors give.
pub const CALLS: [(&str, Call); 7] = [
    ("load", |backend| backend.load().map(drop)),
    ("save", |backend| backend.save(&full(3))),
    ("update_dc", |backend| backend.update_dc(&dc(4, DcFlags::NONE, Some(9)))),
    ("set_home_dc", |backend| backend.set_home_dc(4)),
    ("apply_update_state", |backend| {
        backend.apply_update_state(UpdateStateChange::Primary { pts: 9, date: 9, seq: 9 })
    }),
    ("cache_peer", |backend| backend.cache_peer(&user(4, 0))),
    ("delete", |backend| backend.delete()),
];

impl Faults<'_> {
    fn at(&self, address: SocketAddr, timeout: Duration) -> Box<dyn SessionBackend> {
        (self.make)(address, timeout)
    }

    fn direct(&self) -> Box<dyn SessionBackend> {
        self.at(self.server, LONG)
    }

    /// That an error of this backend says all that an error must.
    #[track_caller]
    pub fn tells(&self, error: &io::Error, operation: &str) {
        tells(error, self.backend, self.session, operation, self.secrets);
    }

    /// That these calls fail, and that each error passes `check` and says all
    /// that an error must.
    #[track_caller]
    pub fn fail(
        &self,
        backend: &dyn SessionBackend,
        operations: &[&str],
        check: impl Fn(&SessionError) -> bool,
    ) {
        for (operation, call) in CALLS.iter().filter(|(name, _)| operations.contains(name)) {
            let Err(error) = call(backend) else { panic!("{operation} should have failed") };
            self.tells(&error, operation);
            let typed = SessionError::of(&error).unwrap();
            assert!(check(typed), "another error was expected: {error} ({typed:?})");
        }
    }

    #[track_caller]
    fn holds(&self, session: PersistedSession) {
        assert_eq!(self.direct().load().unwrap().map(normal), Some(normal(session)));
    }

    /// Nobody listens: an error at once.
    pub fn refused(&self) {
        let began = Instant::now();
        let backend = self.at(free_address(), LONG);
        self.fail(&*backend, &CALLS.map(|(name, _)| name), |error| {
            matches!(error, SessionError::Unavailable(_))
                && error.kind() == io::ErrorKind::ConnectionRefused
        });
        assert!(began.elapsed() < LONG / 2, "{:?}", began.elapsed());
    }

    /// A server that takes everything and says nothing is waited for until the
    /// deadline, on a new connection and on an old one.
    pub fn hung(&self) {
        let proxy = Proxy::new(self.server);
        let old = self.at(proxy.address(), SHORT);
        save_in_time(&*old, 1);
        proxy.set(Fault::Hang);
        let new = self.at(proxy.address(), SHORT);
        for (operation, call) in CALLS {
            for backend in [&old, &new] {
                let began = Instant::now();
                let Err(error) = call(&**backend) else { panic!("{operation} was answered") };
                self.tells(&error, operation);
                assert_eq!(error.kind(), io::ErrorKind::TimedOut, "{error}");
                assert!(began.elapsed() < MOST, "{operation}: {:?}", began.elapsed());
            }
        }
        proxy.set(Fault::None);
        save_in_time(&*old, 2);
        self.holds(full(2));
    }

    /// An answer that comes byte by byte, and so slowly that it never ends, is
    /// waited for until the deadline as well: on a connection that is open, and
    /// on one that is being opened.
    pub fn trickling(&self) {
        let proxy = Proxy::new(self.server);
        let old = self.at(proxy.address(), SHORT);
        save_in_time(&*old, 1);
        proxy.set(Fault::Trickle(SHORT / 4));
        let new = self.at(proxy.address(), SHORT);
        for (operation, call) in CALLS {
            for backend in [&old, &new] {
                let began = Instant::now();
                let called = call(&**backend);
                assert!(began.elapsed() < MOST, "{operation}: {:?}", began.elapsed());
                match called {
                    Err(error) => {
                        self.tells(&error, operation);
                        assert_eq!(error.kind(), io::ErrorKind::TimedOut, "{error}");
                    }
                    // Some answers have but a few bytes.
                    Ok(()) => assert_ne!(operation, "load", "it has more"),
                }
            }
        }
        proxy.set(Fault::None);
        save_in_time(&*old, 2);
        self.holds(full(2));
    }

    /// Late answers are answers.
    pub fn slow(&self) {
        let proxy = Proxy::new(self.server);
        proxy.set(Fault::Delay(Duration::from_millis(20)));
        let backend = self.at(proxy.address(), LONG);
        backend.save(&full(50)).unwrap();
        backend.cache_peer(&user(9_999, 1)).unwrap();
        assert_eq!(backend.load().unwrap().unwrap().peers.len(), 54);
    }

    /// Another service listens there.
    pub fn answers_that_make_no_sense(&self) {
        let answers: [&'static [u8]; 6] = [
            b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 3\r\n\r\n\xff\xfe\xfd",
            b"HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n<html>no</html>",
            b"SSH-2.0-nothing of yours\r\n",
            b"\0\0\0\0\0\0\0\0",
            b"*1000000000\r\n$-5\r\n",
            b"",
        ];
        for answer in answers {
            let backend = self.at(answering(answer), Duration::from_secs(2));
            for (operation, call) in CALLS {
                let Err(error) = call(&*backend) else {
                    panic!("{operation} took {:?} for an answer", String::from_utf8_lossy(answer))
                };
                self.tells(&error, operation);
            }
        }
    }

    /// A server that is killed while others write, and started again: what was
    /// acknowledged is there. The server must keep what it acknowledges.
    pub fn killed<S>(&self, server: &mut S, kill: impl Fn(&mut S), start: impl Fn(&mut S)) {
        let backend = self.direct();
        backend.save(&full(1)).unwrap();
        let mut stored = HashSet::new();
        for round in 0..3_i64 {
            let (stop, writer) = (AtomicBool::new(false), self.direct());
            let begun = AtomicBool::new(false);
            let acknowledged = std::thread::scope(|scope| {
                let writer = scope.spawn(|| {
                    let mut acknowledged = Vec::new();
                    for id in (1_000 + round * 100_000).. {
                        if writer.cache_peer(&user(id, 1)).is_ok() {
                            acknowledged.push(id);
                            begun.store(true, Ordering::SeqCst);
                        } else if stop.load(Ordering::SeqCst) {
                            break;
                        }
                    }
                    acknowledged
                });
                // Connecting takes a while on a busy machine.
                let until = Instant::now() + LONG;
                while !begun.load(Ordering::SeqCst) && Instant::now() < until {
                    std::thread::sleep(Duration::from_millis(5));
                }
                std::thread::sleep(Duration::from_millis(200));
                stop.store(true, Ordering::SeqCst);
                kill(server);
                writer.join().unwrap()
            });
            assert!(!acknowledged.is_empty(), "the writer never got to write");
            stored.extend(acknowledged);
            self.fail(&*backend, &["load", "set_home_dc"], |error| {
                matches!(error, SessionError::Unavailable(_))
            });
            start(server);
            let loaded = backend.load().unwrap().unwrap();
            let loaded: HashSet<i64> = loaded.peers.iter().map(|peer| peer.id).collect();
            assert!(stored.is_subset(&loaded), "acknowledged and not there");
            backend.set_home_dc(round as i32 + 1).unwrap();
            assert_eq!(backend.load().unwrap().unwrap().home_dc_id, round as i32 + 1);
        }
    }
}

/// Saves with a deadline that a busy machine may miss, connecting included.
fn save_in_time(backend: &dyn SessionBackend, peers: i64) {
    let until = Instant::now() + LONG;
    while let Err(error) = backend.save(&full(peers)) {
        assert_eq!(error.kind(), io::ErrorKind::TimedOut, "{error}");
        assert!(Instant::now() < until, "{error}");
    }
}

/// Answers every connection with the same bytes, and hangs up.
fn answering(answer: &'static [u8]) -> SocketAddr {
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
    address
}
