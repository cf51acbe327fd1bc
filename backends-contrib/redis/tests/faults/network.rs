use crate::{SESSION, faults};
use ferogram_session::{SessionBackend, testing};
use ferogram_session_redis::{RedisBackend, RedisConfig};
use ferogram_session_servers::proxy::{Fault, Proxy};
use ferogram_session_servers::redis::Redis;
use ferogram_session_servers::sessions::full;
use std::io::ErrorKind;
use std::time::{Duration, Instant};

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

/// Its reads never end, so its thread does not. Calls do; and there are not
/// any number of such threads.
#[test]
fn a_connection_of_the_user_that_waits_for_ever_is_given_up_on() {
    let server = Redis::open();
    let proxy = Proxy::new(server.address());
    let client = redis::Client::open(server.url_at(proxy.address())).unwrap();
    let config = RedisConfig::connection_with(move || client.get_connection());
    let backend = RedisBackend::with(config.timeout(Duration::from_millis(200)), SESSION);
    while backend.set_home_dc(2).is_err() {}
    proxy.set(Fault::Hang);
    let mut said = String::new();
    for _ in 0..20 {
        let began = Instant::now();
        let error = backend.load().unwrap_err();
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        assert_eq!(error.kind(), ErrorKind::TimedOut, "{error}");
        faults(server.address()).tells(&error, "load");
        said = error.to_string();
    }
    assert!(said.contains("has not ended 16 answers"), "{said}");
    proxy.set(Fault::None);
    let until = Instant::now() + Duration::from_secs(20);
    while backend.load().is_err() {
        assert!(Instant::now() < until, "it never got room again");
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(backend.load().unwrap().unwrap().home_dc_id, 2);
}

/// Each of the two takes less than the time that is set, and both take more.
#[test]
fn one_deadline_is_for_connecting_and_for_the_answer() {
    let server = Redis::open();
    let proxy = Proxy::new(server.address());
    proxy.set(Fault::Delay(Duration::from_millis(600)));
    let backend = crate::backend(proxy.address(), Duration::from_secs(2));
    let began = Instant::now();
    let error = backend.load().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut, "{error}");
    faults(server.address()).tells(&error, "load");
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
}

/// As are a write that meets another's, the read that follows, and the second write.
#[test]
fn one_deadline_is_for_all_that_a_call_asks() {
    let server = Redis::open();
    let proxy = Proxy::new(server.address());
    let backend = crate::backend(proxy.address(), Duration::from_millis(1_500));
    let other = crate::backend(server.address(), Duration::from_secs(20));
    other.save(&full(3)).unwrap();
    backend.load().unwrap();
    other.set_home_dc(3).unwrap();
    // There and back: 600 for each of the three.
    proxy.set(Fault::Delay(Duration::from_millis(300)));
    let began = Instant::now();
    let error = backend.save(&full(4)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut, "{error}");
    faults(server.address()).tells(&error, "save");
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
}

#[test]
fn a_call_without_time_asks_nothing_and_says_so() {
    let server = Redis::open();
    let proxy = Proxy::new(server.address());
    let backend = crate::backend(proxy.address(), Duration::from_secs(20));
    backend.save(&full(3)).unwrap();
    let asked = proxy.round_trips();
    let error = testing::__within(Duration::ZERO, || backend.delete()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut, "{error}");
    assert!(error.to_string().contains("nothing was left"), "{error}");
    faults(server.address()).tells(&error, "delete");
    assert_eq!(proxy.round_trips(), asked);
    backend.delete().unwrap();
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

/// Which language a server speaks is looked into by a connection more, and known
/// from the first one that came about.
#[test]
fn what_a_server_speaks_is_not_looked_into_once_it_was_met() {
    let server = Redis::open();
    let proxy = Proxy::new(server.address());
    let fails = |backend: &RedisBackend| {
        proxy.set(Fault::CutRequestAfter(0));
        let before = proxy.connections();
        backend.load().unwrap_err();
        proxy.set(Fault::None);
        proxy.connections() - before
    };
    let backend = || RedisBackend::new(server.url_at(proxy.address()), SESSION);
    let met = backend();
    met.save(&full(0)).unwrap();
    // Over the connection that was kept, and over one more.
    let anew = fails(&met);
    let unmet = fails(&backend());
    assert_eq!((anew, unmet), (1, 2));
}
