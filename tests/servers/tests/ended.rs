//! Servers end with the program that started them, however that ends.

use ferogram_session_servers::pgbouncer::PgBouncer;
use ferogram_session_servers::postgres::Postgres;
use ferogram_session_servers::redis::Redis;
use ferogram_session_servers::s3::S3;
use ferogram_session_servers::sqld::Sqld;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const SERVER: &str = "FEROGRAM_SESSION_SERVERS_ENDED";

/// Says where the server listens, and waits to be killed.
fn say<S>(address: SocketAddr, _running: &S) {
    println!("\nlistens at {address}");
    std::thread::sleep(Duration::from_secs(600));
}

#[test]
fn a_server_ends_with_a_program_that_is_killed() {
    match std::env::var(SERVER).as_deref() {
        Ok("redis") => {
            let server = Redis::open();
            return say(server.address(), &server);
        }
        Ok("postgres") => {
            let server = Postgres::open();
            return say(server.address(), &server);
        }
        Ok("pgbouncer") => {
            let server = Postgres::open();
            let pooler = PgBouncer::open(&server, 1);
            return say(pooler.address(), &(server, pooler));
        }
        Ok("s3") => {
            let server = S3::open();
            return say(server.address(), &server);
        }
        Ok("sqld") => {
            let server = Sqld::open();
            return say(server.address(), &server);
        }
        _ => {}
    }
    for server in ["redis", "postgres", "pgbouncer", "s3", "sqld"] {
        let folder = tempfile::tempdir().unwrap();
        let mut program = Command::new(std::env::current_exe().unwrap())
            .args(["a_server_ends_with_a_program_that_is_killed", "--exact", "--nocapture"])
            .env(SERVER, server)
            .env("TMPDIR", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
        let said = lines.find_map(|line| {
            let line = line.unwrap();
            line.strip_prefix("listens at ").map(|address| address.parse().unwrap())
        });
        let address: SocketAddr = said.unwrap_or_else(|| panic!("{server} did not come up"));
        assert!(TcpStream::connect(address).is_ok(), "{server}");
        program.kill().unwrap();
        program.wait().unwrap();
        let until = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(address).is_ok() || !is_empty(folder.path()) {
            assert!(Instant::now() < until, "{server} runs on, or left something behind");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn is_empty(folder: &Path) -> bool {
    folder.read_dir().unwrap().next().is_none()
}
