use ferogram_session::SessionBackend;
use ferogram_session_redis::{RedisBackend, RedisConfig};
use ferogram_session_servers::redis::{PASSWORD, Redis};
use ferogram_session_servers::sentinel::{NAME, Sentinel};
use ferogram_session_servers::sessions::{full, normal};
use redis::RedisConnectionInfo;
use redis::sentinel::{SentinelClient, SentinelNodeConnectionInfo, SentinelServerType};
use std::sync::Mutex;
use std::time::{Duration, Instant};

fn until(what: &str, done: impl Fn() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < Duration::from_secs(40), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What a server says of its part. The sentinel cuts connections off when that
/// changes.
fn part(server: &Redis) -> String {
    let asked = redis::Client::open(server.url()).and_then(|client| {
        redis::cmd("INFO").arg("replication").query(&mut client.get_connection()?)
    });
    asked.unwrap_or_default()
}

#[test]
fn a_sentinel_leads_to_the_new_primary() {
    let mut primary = Redis::open();
    let replica = Redis::with().replica_of(&primary).open();
    until("the replica", || part(&replica).contains("master_link_status:up"));
    let sentinel = Sentinel::of(&primary);
    until("the sentinel knows of the replica", || {
        let port = replica.address().port().to_string();
        sentinel.ask(&["SENTINEL", "REPLICAS", NAME]).lines().any(|line| line == port)
    });

    let settings = RedisConnectionInfo::default().set_password(PASSWORD);
    let nodes = SentinelNodeConnectionInfo::default().set_redis_connection_info(settings);
    let kind = SentinelServerType::Master;
    let client = SentinelClient::build(vec![sentinel.url()], String::from(NAME), Some(nodes), kind);
    let client = Mutex::new(client.unwrap());
    let config = RedisConfig::connection_with(move || {
        let primary = client.lock().unwrap().get_client()?;
        let connection = primary.get_connection_with_timeout(Duration::from_secs(5))?;
        connection.set_read_timeout(Some(Duration::from_secs(5)))?;
        connection.set_write_timeout(Some(Duration::from_secs(5)))?;
        Ok(connection)
    });
    let backend = RedisBackend::with(config.wait_replicas(1), "my-bot");
    backend.save(&full(3)).unwrap();
    backend.set_home_dc(4).unwrap();
    let mut session = full(3);
    session.home_dc_id = 4;

    // What was acknowledged is on the replica, which takes the primary's place.
    primary.kill();
    until("the new primary", || part(&replica).contains("role:master"));
    until("its name", || {
        let named = sentinel.ask(&["SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME]);
        named.ends_with(&replica.address().port().to_string())
    });
    let third = Redis::with().replica_of(&replica).open();
    until("another replica", || part(&third).contains("master_link_status:up"));
    // The sentinel may doubt for a moment yet.
    until("a connection to it", || backend.load().is_ok());
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(session.clone())));
    backend.set_home_dc(5).unwrap();
    session.home_dc_id = 5;
    let reader = RedisBackend::new(third.url(), "my-bot");
    assert_eq!(reader.load().unwrap().map(normal), Some(normal(session)));
}
