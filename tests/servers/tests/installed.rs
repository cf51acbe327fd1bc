//! Every server comes up. `scripts/run-tests` runs this first, while it builds the
//! other tests: what a server needs is installed then, and takes nothing of the
//! time that those have.

use ferogram_session_servers::pgbouncer::PgBouncer;
use ferogram_session_servers::postgres::Postgres;
use ferogram_session_servers::redis::Redis;
use ferogram_session_servers::s3::S3;
use ferogram_session_servers::sqld::Sqld;
use std::net::TcpStream;

#[test]
fn redis() {
    TcpStream::connect(Redis::open().address()).unwrap();
}

#[test]
fn postgres_and_its_pooler() {
    let server = Postgres::open();
    TcpStream::connect(server.address()).unwrap();
    TcpStream::connect(PgBouncer::open(&server, 1).address()).unwrap();
}

#[test]
fn s3() {
    TcpStream::connect(S3::open().address()).unwrap();
}

#[test]
fn sqld() {
    TcpStream::connect(Sqld::open().address()).unwrap();
}
