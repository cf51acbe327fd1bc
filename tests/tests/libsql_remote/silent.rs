//! A server that believes the client: it says of the statements of a batch that
//! it wants no rows, and `sqld` gives them all the same.

use ferogram_session::{LibSqlBackend, SessionBackend, SqlExecutor, Statement};
use ferogram_session_servers::sqld::Sqld;
use ferogram_session_tests::sessions::{full, normal, user};
use serde_json::Value;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

/// An HTTP proxy that takes the rows out which nobody wants, from one statement
/// of a batch on.
pub(super) fn silent(to: SocketAddr, from: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || serve(&client, to, from));
        }
    });
    format!("http://{address}")
}

/// One request of each connection.
fn serve(mut client: &TcpStream, to: SocketAddr, from: usize) -> io::Result<()> {
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
        remove_rows(&asked, &mut answered, from);
        let text = answered.to_string();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
        return write!(client, "{head}\r\ncontent-length: {}\r\n\r\n{text}", text.len());
    }
    client.write_all(&answer)
}

fn remove_rows(asked: &Value, answered: &mut Value, from: usize) {
    for (nth, request) in asked["requests"].as_array().unwrap().iter().enumerate() {
        let Some(steps) = request["batch"]["steps"].as_array() else { continue };
        let results = &mut answered["results"][nth]["response"]["result"]["step_results"];
        for (step, result) in steps.iter().zip(results.as_array_mut().unwrap()).skip(from) {
            if step["stmt"]["want_rows"] == false && !result.is_null() {
                result["rows"] = Value::Array(vec![]);
            }
        }
    }
}

#[test]
fn a_server_that_gives_no_rows_in_a_batch_is_asked_otherwise() {
    let server = Sqld::open();
    let url = silent(server.address(), 0);
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

/// Rows of the first queries are in the answer, and those of the others are
/// not: nothing is handed over twice, and nothing is left out.
#[test]
fn a_server_that_gives_the_rows_of_some_queries_is_asked_otherwise() {
    let server = Sqld::open();
    LibSqlBackend::remote(server.url(), "").save(&full(5)).unwrap();
    // In a transaction, the statements stand between its begin and its end.
    for from in 1..6 {
        let backend = LibSqlBackend::remote(silent(server.address(), from), "");
        let query = |sql| Statement::new(sql, vec![]);
        let queries = [query("SELECT 7"), query("SELECT 8 WHERE 0"), query("SELECT 9")];
        let mut given = Vec::new();
        let store = backend.__store().executor();
        let answer = store.query(&queries, &mut |number, row| {
            given.push((number, format!("{row:?}").len()));
            Ok(())
        });
        answer.unwrap();
        let numbers: Vec<_> = given.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [0, 2], "from {from}");
        assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(5))), "from {from}");
    }
}
