//! A server for the client to dial, on loopback.
//!
//! It either closes every connection after the first frame, or answers like
//! Telegram, as far as a client that is signed in already needs it, and tells it
//! of what happens.
//!
//! MTProto derives the two directions' keys from the auth key at offsets that
//! differ by eight bytes. With an auth key that repeats every eight bytes both
//! directions have the same keys, and the client's own functions, which encrypt
//! as a client and decrypt what a server sent, serve here too, the other way round.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ferogram_crypto::{AuthKey, DequeBuffer, decrypt_data_v2, encrypt_data_v2};

use crate::datacentre::Datacentre;
use crate::seed::KEY;

#[derive(Clone, Copy, PartialEq)]
pub enum Answer {
    /// Close every connection after its first frame.
    Close,
    /// Answer what a signed-in client asks while it connects.
    Telegram,
}

/// Who called, by the key named in the first frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Caller {
    /// The key of the stored session.
    WithKey,
    /// Another key.
    WithAnotherKey,
    /// No key: a client that starts a new login.
    NewLogin,
    /// Nothing was sent.
    Silent,
}

/// Listens until it is dropped. Its threads share nothing with the runtime that
/// the client runs on.
pub struct Server {
    addr: SocketAddr,
    datacentre: Arc<Datacentre>,
    callers: Arc<Mutex<Vec<Caller>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback is up");
        let addr = listener.local_addr().unwrap();
        listener.set_nonblocking(true).unwrap();
        let callers = Arc::<Mutex<Vec<_>>>::default();
        let datacentre = Arc::<Datacentre>::default();
        datacentre.listens(addr.ip().to_string(), addr.port());
        let stop = Arc::new(AtomicBool::new(false));
        let thread = std::thread::spawn({
            let (callers, stop) = (callers.clone(), stop.clone());
            let datacentre = datacentre.clone();
            move || {
                while !stop.load(Ordering::Relaxed) {
                    match listener.accept() {
                        Ok((stream, _)) => {
                            let (callers, stop) = (callers.clone(), stop.clone());
                            let datacentre = datacentre.clone();
                            std::thread::spawn(move || {
                                serve(stream, answer, &datacentre, &callers, &stop)
                            });
                        }
                        Err(_) => std::thread::sleep(Duration::from_millis(2)),
                    }
                }
            }
        });
        Self { addr, datacentre, callers, stop, thread: Some(thread) }
    }

    pub fn addr(&self) -> String {
        self.addr.to_string()
    }

    /// What happens there.
    pub fn datacentre(&self) -> &Datacentre {
        &self.datacentre
    }

    pub fn port(&self) -> u16 {
        self.addr.port()
    }

    /// One entry for each connection so far.
    pub fn callers(&self) -> Vec<Caller> {
        self.callers.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// One frame of the client's default transport, "full": length, number, payload,
/// checksum. `None` when the connection ends, or at the server's end.
fn read_frame(stream: &mut TcpStream, stop: &AtomicBool) -> Option<Vec<u8>> {
    let mut exactly = |buffer: &mut [u8]| {
        let mut filled = 0;
        while filled < buffer.len() {
            match stream.read(&mut buffer[filled..]) {
                Ok(0) => return None,
                Ok(n) => filled += n,
                Err(e) if e.kind() == std::io::ErrorKind::WouldBlock => {
                    if stop.load(Ordering::Relaxed) {
                        return None;
                    }
                }
                Err(_) => return None,
            }
        }
        Some(())
    };
    let mut length = [0; 4];
    exactly(&mut length)?;
    let length = u32::from_le_bytes(length) as usize;
    assert!((12..1 << 20).contains(&length), "not a frame of the full transport");
    let mut rest = vec![0; length - 4];
    exactly(&mut rest)?;
    Some(rest[4..length - 8].to_vec())
}

/// Waits until there is something to read, or for a moment. `None` at the end.
fn readable(stream: &TcpStream, stop: &AtomicBool) -> Option<bool> {
    match stream.peek(&mut [0]) {
        Ok(0) => None,
        Ok(_) => Some(true),
        Err(e) if e.kind() == std::io::ErrorKind::WouldBlock => {
            (!stop.load(Ordering::Relaxed)).then_some(false)
        }
        Err(_) => None,
    }
}

fn serve(
    mut stream: TcpStream,
    answer: Answer,
    datacentre: &Datacentre,
    callers: &Mutex<Vec<Caller>>,
    stop: &AtomicBool,
) {
    stream.set_nonblocking(false).unwrap();
    // Short, so that news and the end of the server are noticed.
    stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    let key = AuthKey::from_bytes(KEY);
    let first = read_frame(&mut stream, stop);
    callers.lock().unwrap().push(match &first {
        None => Caller::Silent,
        Some(payload) if payload[..8] == key.key_id() => Caller::WithKey,
        Some(payload) if payload[..8] == [0; 8] => Caller::NewLogin,
        Some(_) => Caller::WithAnotherKey,
    });
    if answer == Answer::Close {
        return;
    }
    let mut connection = Connection { stream, key, salt: 0, session: 0, sent: 0 };
    // What happened before is for the client to ask for.
    let mut told = datacentre.updates();
    let mut frame = first;
    loop {
        if let Some(mut payload) = frame.take() {
            let Ok(plain) = decrypt_data_v2(&mut payload, &connection.key) else {
                return;
            };
            let number = |at: usize| i64::from_le_bytes(plain[at..at + 8].try_into().unwrap());
            (connection.salt, connection.session) = (number(0), number(8));
            let length = u32::from_le_bytes(plain[28..32].try_into().unwrap()) as usize;
            let mut answers = Vec::new();
            answer_to(datacentre, number(16), &plain[32..32 + length], &mut answers);
            for body in answers {
                if connection.send(&body).is_err() {
                    return;
                }
            }
        }
        if let Some((news, now)) = datacentre.news(told) {
            if connection.send(&news).is_err() {
                return;
            }
            told = now;
        }
        match readable(&connection.stream, stop) {
            None => return,
            Some(false) => {}
            Some(true) => {
                frame = read_frame(&mut connection.stream, stop);
                if frame.is_none() {
                    return;
                }
            }
        }
    }
}

fn constructor(body: &[u8]) -> u32 {
    u32::from_le_bytes(body[..4].try_into().unwrap())
}

/// The answers to one message, or to each of a container.
fn answer_to(datacentre: &Datacentre, id: i64, body: &[u8], answers: &mut Vec<Vec<u8>>) {
    const CONTAINER: u32 = 0x73f1_f8dc;
    const ACKS: u32 = 0x62d6_b459;
    const PING: u32 = 0x7abe_77ec;
    const PING_DELAY_DISCONNECT: u32 = 0xf342_7b8c;

    match constructor(body) {
        CONTAINER => {
            let mut rest = &body[8..];
            while !rest.is_empty() {
                let id = i64::from_le_bytes(rest[..8].try_into().unwrap());
                let length = u32::from_le_bytes(rest[12..16].try_into().unwrap()) as usize;
                answer_to(datacentre, id, &rest[16..16 + length], answers);
                rest = &rest[16 + length..];
            }
        }
        ACKS => {}
        PING | PING_DELAY_DISCONNECT => {
            let mut pong = 0x3477_73c5_u32.to_le_bytes().to_vec();
            pong.extend(id.to_le_bytes());
            pong.extend(&body[4..12]);
            answers.push(pong);
        }
        _ => {
            let mut result = 0xf35c_6d01_u32.to_le_bytes().to_vec();
            result.extend(id.to_le_bytes());
            result.extend(datacentre.answer(body));
            answers.push(result);
        }
    }
}

/// A client that has shown its key.
struct Connection {
    stream: TcpStream,
    key: AuthKey,
    salt: i64,
    session: i64,
    sent: u32,
}

impl Connection {
    fn send(&mut self, body: &[u8]) -> std::io::Result<()> {
        let number = self.sent;
        self.sent += 1;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        // Seconds, then a fraction that never repeats; an answer's last two bits are 01.
        let id = (now.as_secs() << 32)
            | u64::from(now.subsec_nanos() & !0xfff)
            | u64::from(number) << 2
            | 1;
        let mut message = Vec::new();
        message.extend(self.salt.to_le_bytes());
        message.extend(self.session.to_le_bytes());
        message.extend(id.to_le_bytes());
        message.extend((number * 2 + 1).to_le_bytes());
        message.extend((body.len() as u32).to_le_bytes());
        message.extend(body);
        let mut buffer = DequeBuffer::with_capacity(message.len() + 64, 32);
        buffer.extend(message);
        encrypt_data_v2(&mut buffer, &self.key);
        let payload = buffer.as_ref();

        let mut frame = (payload.len() as u32 + 12).to_le_bytes().to_vec();
        frame.extend(number.to_le_bytes());
        frame.extend(payload);
        frame.extend(crc32fast::hash(&frame).to_le_bytes());
        self.stream.write_all(&frame)
    }
}
