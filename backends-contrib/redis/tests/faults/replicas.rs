//! Writes that wait for replicas.

use super::server::{LONG, WRITES, until};
use crate::{SESSION, faults};
use ferogram_session::{SessionBackend, SessionError};
use ferogram_session_redis::{RedisBackend, RedisConfig};
use ferogram_session_servers::costs::Cost;
use ferogram_session_servers::faults::CALLS;
use ferogram_session_servers::processes;
use ferogram_session_servers::proxy::{Fault, Proxy};
use ferogram_session_servers::redis::Redis;
use ferogram_session_servers::sessions::{full, normal, user};
use std::io::ErrorKind;
use std::time::Duration;

#[test]
fn a_write_waits_for_replicas_if_it_is_told_to() {
    let primary = Redis::open();
    let config = |timeout| {
        RedisConfig::new(primary.url()).wait_replicas(1).timeout(Duration::from_millis(timeout))
    };
    let backend = RedisBackend::with(config(800), SESSION);
    let missing = |error: &SessionError| {
        matches!(error, SessionError::TimedOut(_)) && error.to_string().contains("0 of 1")
    };
    faults(primary.address()).fail(&backend, &WRITES[..5], missing);
    let replica = Redis::with().replica_of(&primary).open();
    until(|| replica.ask(&["INFO", "replication"]).contains("master_link_status:up"));
    let backend = RedisBackend::with(config(20_000), SESSION);
    backend.save(&full(5)).unwrap();
    // It is there, without waiting.
    let reader = crate::backend(replica.address(), LONG);
    assert_eq!(reader.load().unwrap().map(normal), Some(normal(full(5))));
    backend.delete().unwrap();
    assert!(reader.load().unwrap().is_none());
}

/// `WAIT` is about the writes of its own connection: of one that was opened to
/// repeat a call there are none.
#[test]
fn a_write_that_is_repeated_waits_for_replicas_as_well() {
    let primary = Redis::open();
    let replica = Redis::with().replica_of(&primary).open();
    until(|| replica.ask(&["INFO", "replication"]).contains("master_link_status:up"));
    let proxy = Proxy::new(primary.address());
    let url = primary.url_at(proxy.address());
    let config = RedisConfig::new(url).wait_replicas(1).timeout(Duration::from_millis(900));
    let backend = RedisBackend::with(config, SESSION);
    let writes = CALLS.iter().filter(|(name, _)| WRITES.contains(name));
    for (operation, call) in writes {
        until(|| backend.save(&full(20)).is_ok());
        // The primary counts it among its replicas for a minute yet.
        replica.freeze();
        proxy.set_once(Fault::CutAnswer);
        let called = call(&backend);
        // Whether it is made again or something else is.
        let again = [call(&backend), backend.save(&full(20))];
        replica.thaw();
        for called in [called].into_iter().chain(again) {
            let error = called.expect_err(operation);
            assert_eq!(error.kind(), ErrorKind::TimedOut, "{operation}: {error}");
        }
    }
}

/// What could not be confirmed is there, and a save of the same has nothing to
/// write: still nobody has waited.
#[test]
fn a_save_that_finds_its_own_unconfirmed_write_waits_for_replicas() {
    let primary = Redis::open();
    let config = RedisConfig::new(primary.url()).wait_replicas(1);
    let backend = RedisBackend::with(config.timeout(Duration::from_millis(800)), SESSION);
    let missing = |error: &SessionError| matches!(error, SessionError::TimedOut(_));
    for _ in 0..3 {
        faults(primary.address()).fail(&backend, &["save"], missing);
    }
    let replica = Redis::with().replica_of(&primary).open();
    until(|| replica.ask(&["INFO", "replication"]).contains("master_link_status:up"));
    until(|| backend.save(&full(3)).is_ok());
    let reader = crate::backend(replica.address(), LONG);
    assert_eq!(reader.load().unwrap().map(normal), Some(normal(full(3))));
}

/// A program writes, and its replicas do not have it in time, or it does not
/// wait for them. Another one acknowledges nothing that they lack.
#[test]
fn what_another_process_wrote_without_replicas_is_waited_for() {
    const SHORT: Duration = Duration::from_millis(800);
    let waiting = |url: &str| {
        RedisBackend::with(RedisConfig::new(url).wait_replicas(1).timeout(SHORT), SESSION)
    };
    let open = || {
        let primary = Redis::open();
        let replica = Redis::with().replica_of(&primary).open();
        until(|| replica.ask(&["INFO", "replication"]).contains("master_link_status:up"));
        until(|| waiting(&primary.url()).save(&full(3)).is_ok());
        replica.freeze();
        let url = primary.url();
        ((primary, replica), url)
    };
    let call = |url: &str, number: i64| match number {
        0 => {
            let error = waiting(url).cache_peer(&user(1_000, 1)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::TimedOut, "{error}");
        }
        _ => RedisBackend::new(url, SESSION).cache_peer(&user(2_000, 2)).unwrap(),
    };
    let check = |(primary, replica): &(Redis, Redis), url: &str| {
        let mut session = full(3);
        session.peers.extend([user(1_000, 1), user(2_000, 2)]);
        let reader = RedisBackend::new(replica.url(), SESSION);
        // A program starts while the replicas are away, and finds nothing to write.
        let other = waiting(url);
        assert_eq!(other.load().unwrap().map(normal), Some(normal(session.clone())));
        for nothing in [other.save(&session), other.load().map(drop)] {
            let error = nothing.unwrap_err();
            assert!(error.to_string().contains("0 of 1"), "{error}");
        }
        replica.thaw();
        until(|| other.save(&session).is_ok());
        assert_eq!(reader.load().unwrap().map(normal), Some(normal(session.clone())));

        // As does one whose view is older than what came meanwhile.
        replica.freeze();
        let careless = RedisBackend::new(primary.url(), SESSION);
        careless.set_home_dc(5).unwrap();
        session.home_dc_id = 5;
        let error = other.save(&session).unwrap_err();
        assert!(error.to_string().contains("0 of 1"), "{error}");
        // What is acknowledged comes with all that was written before it.
        careless.cache_peer(&user(3_000, 3)).unwrap();
        replica.thaw();
        until(|| other.cache_peer(&user(4_000, 4)).is_ok());
        session.peers.extend([user(3_000, 3), user(4_000, 4)]);
        assert_eq!(reader.load().unwrap().map(normal), Some(normal(session)));
    };
    let name = "faults::replicas::what_another_process_wrote_without_replicas_is_waited_for";
    processes::at_once(name, 2, open, call, check);
}

/// A wait costs no round trip of its own, and what was waited for is not
/// waited for again.
#[test]
fn waiting_costs_a_round_trip_only_after_others() {
    let primary = Redis::open();
    let replica = Redis::with().replica_of(&primary).open();
    until(|| replica.ask(&["INFO", "replication"]).contains("master_link_status:up"));
    let proxy = Proxy::new(primary.address());
    let config = RedisConfig::new(primary.url_at(proxy.address())).wait_replicas(1).timeout(LONG);
    let backend = RedisBackend::with(config, SESSION);
    let mut session = full(3);
    backend.save(&session).unwrap();
    let trips = |call: &dyn Fn() -> std::io::Result<()>| {
        let (cost, result) = Cost::of(&proxy, call);
        result.unwrap();
        cost.round_trips
    };
    // The scripts are learnt.
    crate::backend(primary.address(), LONG).set_home_dc(3).unwrap();
    backend.load().unwrap();
    assert_eq!(trips(&|| backend.set_home_dc(4)), 1);
    session.home_dc_id = 4;
    assert_eq!(trips(&|| backend.save(&session)), 1);
    assert_eq!(trips(&|| backend.load().map(drop)), 1);
    crate::backend(primary.address(), LONG).set_home_dc(3).unwrap();
    assert_eq!(trips(&|| backend.load().map(drop)), 2);
    assert_eq!(trips(&|| backend.load().map(drop)), 1);
}
