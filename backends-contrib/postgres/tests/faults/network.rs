use crate::{LONG, SESSION, backend, faults};
use ferogram_session::SessionBackend;
use ferogram_session_postgres::{PostgresBackend, PostgresConfig};
use ferogram_session_servers::pgbouncer::PgBouncer;
use ferogram_session_servers::postgres::{PASSWORD, Postgres};
use ferogram_session_servers::sessions::{full, normal};
use std::io::ErrorKind;
use std::net::TcpListener;
use std::time::{Duration, Instant};

#[test]
fn a_server_that_is_not_there() {
    let server = Postgres::open();
    faults(server.address()).refused();
}

#[test]
fn a_server_that_hangs() {
    let server = Postgres::open();
    faults(server.address()).hung();
}

#[test]
fn a_server_that_never_ends_an_answer() {
    let server = Postgres::open();
    faults(server.address()).trickling();
}

#[test]
fn a_connection_that_is_cut_while_nobody_uses_it() {
    let server = Postgres::open();
    faults(server.address()).cut_while_idle();
}

#[test]
fn a_connection_that_is_cut_in_the_middle_of_a_call() {
    let server = Postgres::open();
    faults(server.address()).cut_in_the_middle();
}

#[test]
fn a_slow_network() {
    let server = Postgres::open();
    faults(server.address()).slow();
}

#[test]
fn another_service_at_the_address() {
    let server = Postgres::open();
    faults(server.address()).answers_that_make_no_sense();
}

#[test]
fn a_server_that_is_killed_and_started_again() {
    let mut server = Postgres::open();
    faults(server.address()).killed(&mut server, Postgres::kill, Postgres::start);
}

/// Of several hosts one that takes the connection and says nothing is passed by.
#[test]
fn a_host_that_hangs_before_one_that_answers() {
    let server = Postgres::open();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let hosts = format!("{},{}", silent.local_addr().unwrap(), server.address());
    let time = Duration::from_secs(3);
    for also in ["", "&target_session_attrs=read-write"] {
        let url = format!("postgres://postgres:{PASSWORD}@{hosts}/postgres?sslmode=disable{also}");
        let backend = || PostgresBackend::with(PostgresConfig::new(&url).timeout(time), SESSION);
        backend().save(&full(3)).unwrap();
        assert_eq!(backend().load().unwrap().map(normal), Some(normal(full(3))));
    }
    // Where nobody answers, it says who did not.
    let backend = backend(silent.local_addr().unwrap(), Duration::from_secs(1));
    let error = backend.load().unwrap_err();
    faults(server.address()).tells(&error, "load");
    assert_eq!(error.kind(), ErrorKind::TimedOut, "{error}");
    assert!(error.to_string().contains(&silent.local_addr().unwrap().to_string()), "{error}");
}

#[test]
fn a_server_whose_processes_stand_still() {
    let server = Postgres::open();
    let backend = backend(server.address(), Duration::from_secs(1));
    backend.save(&full(3)).unwrap();
    server.freeze();
    let began = Instant::now();
    for (error, operation) in [
        (backend.set_home_dc(4).unwrap_err(), "set_home_dc"),
        (backend.load().unwrap_err(), "load"),
    ] {
        faults(server.address()).tells(&error, operation);
        assert_eq!(error.kind(), ErrorKind::TimedOut, "{error}");
        assert!(error.to_string().contains(&server.address().to_string()), "{error}");
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    server.thaw();
    backend.save(&full(4)).unwrap();
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(4))));
}

#[test]
fn a_pooler_whose_server_is_killed_and_started_again() {
    let mut server = Postgres::open();
    let pooler = PgBouncer::open(&server, 3);
    let backend = backend(pooler.address(), LONG);
    for round in 1..4 {
        backend.set_home_dc(round).unwrap();
        server.kill();
        server.start();
        assert_eq!(backend.load().unwrap().unwrap().home_dc_id, round);
    }
    assert_eq!(backend.sessions().unwrap(), [SESSION]);
}
