use crate::faults;
use ferogram_session_servers::redis::Redis;

#[test]
fn a_server_that_is_not_there() {
    let server = Redis::open();
    faults(server.address()).refused();
}

#[test]
fn a_server_that_hangs() {
    let server = Redis::open();
    faults(server.address()).hung();
}

#[test]
fn a_server_that_never_ends_an_answer() {
    let server = Redis::open();
    faults(server.address()).trickling();
}

#[test]
fn a_connection_that_is_cut_while_nobody_uses_it() {
    let server = Redis::open();
    faults(server.address()).cut_while_idle();
}

#[test]
fn a_connection_that_is_cut_in_the_middle_of_a_call() {
    let server = Redis::open();
    faults(server.address()).cut_in_the_middle();
}

#[test]
fn a_slow_network() {
    let server = Redis::open();
    faults(server.address()).slow();
}

#[test]
fn another_service_at_the_address() {
    let server = Redis::open();
    faults(server.address()).answers_that_make_no_sense();
}

#[test]
fn a_server_that_is_killed_and_started_again() {
    let mut server = Redis::open();
    faults(server.address()).killed(&mut server, Redis::kill, Redis::start);
}
