//! A server that believes the client: it says of the statements of a batch that
//! it wants no rows, and `sqld` gives them all the same.

use ferogram_session::{LibSqlBackend, SessionBackend};
use ferogram_session_servers::sqld::Sqld;
use ferogram_session_tests::sessions::{full, normal, user};
use serde_json::Value;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

/// An HTTP proxy that takes the rows out which nobody wants.
fn silent(to: SocketAddr) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || serve(&client, to));
        }
    });
    format!("http://{address}")
}

/// One request of each connection.
fn serve(mut client: &TcpStream, to: SocketAddr) -> io::Result<()> {
    let mut reader = BufReader::new(client);
    let mut head = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let lower = line.to_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
        if !lower.starts_with("connection:") {
            head.push_str(&line);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut server = TcpStream::connect(to)?;
    server.write_all(format!("{head}connection: close\r\n\r\n").as_bytes())?;
    server.write_all(&body)?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
    if head.contains("/pipeline")
        && let Ok(mut answered) = serde_json::from_slice::<Value>(&answer[end..])
    {
        let asked: Value = serde_json::from_slice(&body).unwrap();
        remove_rows(&asked, &mut answered);
        let text = answered.to_string();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
        return write!(client, "{head}\r\ncontent-length: {}\r\n\r\n{text}", text.len());
    }
    client.write_all(&answer)
}

fn remove_rows(asked: &Value, answered: &mut Value) {
    for (nth, request) in asked["requests"].as_array().unwrap().iter().enumerate() {
        let Some(steps) = request["batch"]["steps"].as_array() else { continue };
        let results = &mut answered["results"][nth]["response"]["result"]["step_results"];
        for (step, result) in steps.iter().zip(results.as_array_mut().unwrap()) {
            if step["stmt"]["want_rows"] == false && !result.is_null() {
                result["rows"] = Value::Array(vec![]);
            }
        }
    }
}

#[test]
fn a_server_that_gives_no_rows_in_a_batch_is_asked_otherwise() {
    let server = Sqld::open();
    let url = silent(server.address());
    let backend = LibSqlBackend::open_remote(&url, "").unwrap();
    assert!(backend.load().unwrap().is_none());
    let mut session = full(300);
    session.dcs[0].addr = "a, (b)'\u{1f600}".into();
    backend.save(&session).unwrap();
    let again = LibSqlBackend::remote(&url, "");
    assert_eq!(again.load().unwrap().map(normal), Some(normal(session.clone())));
    again.cache_peer(&user(8, 0)).unwrap();
    backend.set_home_dc(5).unwrap();
    backend.save(&session).unwrap();
    again.session("another").save(&full(1)).unwrap();
    assert_eq!(again.sessions().unwrap(), ["another", "default"]);
    // The server itself says the same.
    let plain = LibSqlBackend::remote(server.url(), "");
    assert_eq!(plain.load().unwrap().map(normal), Some(normal(session)));
    backend.delete().unwrap();
    assert!(again.load().unwrap().is_none());
}
