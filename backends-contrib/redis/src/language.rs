//! What a server speaks with which no connection comes about: one with TLS hangs
//! up on who asks without, and one without waits for the rest of what it takes
//! for a command. Neither says why.

use crate::config::{RedisConfig, Source};
use ferogram_session::SessionError;
use redis::ConnectionAddr;
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::mpsc::channel;
use std::thread::Builder;
use std::time::Duration;

/// The beginning of TLS 1.2, with one cipher, to which a server of TLS gives an
/// answer, agreeing or not.
fn hello() -> Vec<u8> {
    // A record of 45 bytes, in it a hello of 41: its version; 32 bytes that need
    // not be random here, no session and a length; one cipher, no compression.
    let head = [22, 3, 1, 0, 45, 1, 0, 0, 41, 3, 3];
    [&head[..], &[0; 34], &[2, 0xc0, 0x2f, 1, 0]].concat()
}

/// An error that says so, if the server was found within that time to speak
/// what the address does not ask for.
pub(crate) fn mismatch(config: &RedisConfig, time: Duration) -> Option<io::Error> {
    let Source::Client(client) = &config.source else { return None };
    let (host, port, tls) = match client.get_connection_info().addr() {
        ConnectionAddr::Tcp(host, port) => (host.clone(), *port, false),
        ConnectionAddr::TcpTls { host, port, .. } => (host.clone(), *port, true),
        _ => return None,
    };
    // Finding the host may take longer than there is time.
    let (answer, answers) = channel();
    let ask = move || {
        let question = if tls { b"PING\r\n".to_vec() } else { hello() };
        drop(answer.send(begins(&host, port, &question, time)));
    };
    Builder::new().name("redis language".to_owned()).spawn(ask).ok()?;
    let begins = answers.recv_timeout(time).ok()?.ok()?;
    let server = config.server();
    let error = match (tls, begins) {
        (true, [b'+' | b'-', _]) => {
            SessionError::config(format!("{server} has no TLS, which its address asks for")).help(
                "write redis:// with one s (keys are then sent in the open), or give the port at \
                 which the server has TLS",
            )
        }
        (false, [21 | 22, 3]) => {
            SessionError::config(format!("{server} has TLS, which its address does not ask for"))
                .help(
                    "write rediss:// with two s, and give `RedisConfig::certificates` the \
                     authority of the server's certificate if the system does not trust it",
                )
        }
        _ => return None,
    };
    Some(error.into())
}

/// The first bytes of the answer.
fn begins(host: &str, port: u16, question: &[u8], time: Duration) -> io::Result<[u8; 2]> {
    let mut failed = io::Error::from(io::ErrorKind::NotFound);
    for address in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, time) {
            Ok(mut stream) => {
                stream.set_read_timeout(Some(time))?;
                stream.set_write_timeout(Some(time))?;
                stream.write_all(question)?;
                let mut begins = [0; 2];
                stream.read_exact(&mut begins)?;
                return Ok(begins);
            }
            Err(error) => failed = error,
        }
    }
    Err(failed)
}
