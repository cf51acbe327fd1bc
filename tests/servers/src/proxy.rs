//! A TCP proxy that does to a connection what networks do.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What the proxy does with what passes through it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Hands it on.
    #[default]
    None,
    /// Hands it on after a while.
    Delay(Duration),
    /// Takes it and says nothing.
    Hang,
    /// Hands questions on and hangs up instead of handing the answer on.
    CutAnswer,
    /// Hands this many bytes of each answer on, then hangs up.
    CutAnswerAfter(u64),
    /// Hands this many bytes of each question on, then hangs up.
    CutRequestAfter(u64),
    /// Hands answers on byte by byte, and waits so long after each.
    Trickle(Duration),
    /// Hands questions on, and then says that there is no more to come.
    HalfClose,
    /// Hangs up.
    Cut,
}

/// The proxy, until it is dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    to: Mutex<SocketAddr>,
    fault: Mutex<Fault>,
    /// Whether the fault is over when it has happened.
    once: AtomicBool,
    stopped: AtomicBool,
    open: Mutex<Vec<TcpStream>>,
    connections: AtomicU64,
    round_trips: AtomicU64,
    up: AtomicU64,
    down: AtomicU64,
    largest: AtomicU64,
}

impl Proxy {
    /// A proxy on a port of its own, to `to`.
    #[must_use]
    pub fn new(to: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            to: Mutex::new(to),
            fault: Mutex::default(),
            once: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
            open: Mutex::default(),
            connections: AtomicU64::new(0),
            round_trips: AtomicU64::new(0),
            up: AtomicU64::new(0),
            down: AtomicU64::new(0),
            largest: AtomicU64::new(0),
        });
        let accepting = Arc::clone(&state);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if accepting.stopped.load(Ordering::SeqCst) {
                    return;
                }
                let state = Arc::clone(&accepting);
                std::thread::spawn(move || state.serve(client));
            }
        });
        Self { address, state }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on, with connections that are open, too.
    pub fn set(&self, fault: Fault) {
        self.state.once.store(false, Ordering::SeqCst);
        self.change(fault);
    }

    /// The same, until it has cut one connection: the next is as it should be.
    pub fn set_once(&self, fault: Fault) {
        self.state.once.store(true, Ordering::SeqCst);
        self.change(fault);
    }

    fn change(&self, fault: Fault) {
        *self.state.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
        if fault == Fault::Cut {
            self.state.cut_all();
        }
    }

    /// New connections go there from now on; those that are open stay.
    pub fn lead_to(&self, to: SocketAddr) {
        *self.state.to.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }

    /// How often a question followed an answer, or began a connection.
    #[must_use]
    pub fn round_trips(&self) -> u64 {
        self.state.round_trips.load(Ordering::SeqCst)
    }

    /// How many connections there have been.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// Bytes to the server, and from it.
    #[must_use]
    pub fn bytes(&self) -> (u64, u64) {
        (self.state.up.load(Ordering::SeqCst), self.state.down.load(Ordering::SeqCst))
    }

    /// Bytes of the largest answer.
    #[must_use]
    pub fn largest_answer(&self) -> u64 {
        self.state.largest.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state.stopped.store(true, Ordering::SeqCst);
        self.state.cut_all();
        // Wakes it up, to see that.
        drop(TcpStream::connect(self.address));
    }
}

impl State {
    fn to(&self) -> SocketAddr {
        *self.to.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fault(&self) -> Fault {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn happened(&self) {
        if self.once.swap(false, Ordering::SeqCst) {
            *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Fault::None;
        }
    }

    fn cut_all(&self) {
        let open = std::mem::take(&mut *self.open.lock().unwrap_or_else(PoisonError::into_inner));
        for stream in open {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn serve(self: Arc<Self>, client: TcpStream) {
        if self.fault() == Fault::Cut {
            return;
        }
        let Ok(server) = TcpStream::connect(self.to()) else {
            return;
        };
        self.connections.fetch_add(1, Ordering::SeqCst);
        let copy = |stream: &TcpStream| stream.try_clone().unwrap();
        let _ = client.set_nodelay(true);
        let _ = server.set_nodelay(true);
        self.open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend([copy(&client), copy(&server)]);
        // Whether the server spoke last, so that what comes is a new question.
        let answered = Arc::new(AtomicBool::new(true));
        let (state, from, to) = (Arc::clone(&self), copy(&client), copy(&server));
        let seen = Arc::clone(&answered);
        let upwards = std::thread::spawn(move || {
            let mut left = None;
            let _ = state.pass(from, to, |state, bytes| {
                state.up.fetch_add(bytes, Ordering::SeqCst);
                if seen.swap(false, Ordering::SeqCst) {
                    state.round_trips.fetch_add(1, Ordering::SeqCst);
                    left = None;
                }
                match state.fault() {
                    Fault::HalfClose => Next::Last,
                    Fault::CutRequestAfter(limit) => Next::of(&mut left, limit, bytes),
                    _ => Next::All,
                }
            });
        });
        let (mut left, mut answer) = (None, 0);
        let _ = self.pass(server, client, |state, bytes| {
            state.down.fetch_add(bytes, Ordering::SeqCst);
            if !answered.swap(true, Ordering::SeqCst) {
                (left, answer) = (None, 0);
            }
            answer += bytes;
            state.largest.fetch_max(answer, Ordering::SeqCst);
            match state.fault() {
                Fault::CutAnswer => Next::First(0),
                Fault::CutAnswerAfter(limit) => Next::of(&mut left, limit, bytes),
                Fault::Trickle(pause) => Next::Slowly(pause),
                _ => Next::All,
            }
        });
        let _ = upwards.join();
    }

    /// Hands on what comes until one side ends.
    fn pass(
        &self,
        mut from: TcpStream,
        mut to: TcpStream,
        mut next: impl FnMut(&Self, u64) -> Next,
    ) -> io::Result<()> {
        let mut buffer = vec![0; 16 << 10];
        loop {
            let count = from.read(&mut buffer)?;
            if count == 0 {
                return to.shutdown(Shutdown::Write);
            }
            match self.fault() {
                Fault::Delay(time) => std::thread::sleep(time),
                Fault::Hang => {
                    while self.fault() == Fault::Hang && !self.stopped.load(Ordering::SeqCst) {
                        std::thread::sleep(Duration::from_millis(10));
                    }
                }
                _ => {}
            }
            match next(self, count as u64) {
                Next::All => to.write_all(&buffer[..count])?,
                Next::Slowly(pause) => {
                    for byte in &buffer[..count] {
                        to.write_all(&[*byte])?;
                        if self.fault() == Fault::Trickle(pause) {
                            std::thread::sleep(pause);
                        }
                    }
                }
                Next::Last => {
                    self.happened();
                    to.write_all(&buffer[..count])?;
                    to.shutdown(Shutdown::Write)?;
                }
                Next::First(count) => {
                    self.happened();
                    to.write_all(&buffer[..count as usize])?;
                    to.shutdown(Shutdown::Both)?;
                    return from.shutdown(Shutdown::Both);
                }
            }
        }
    }
}

/// What to hand on of what came.
enum Next {
    All,
    Slowly(Duration),
    Last,
    First(u64),
}

impl Next {
    /// Up to so many bytes in all, of which there are these `left`.
    fn of(left: &mut Option<u64>, limit: u64, bytes: u64) -> Self {
        let left = left.get_or_insert(limit);
        if bytes < *left {
            *left -= bytes;
            return Self::All;
        }
        Self::First(*left)
    }
}
