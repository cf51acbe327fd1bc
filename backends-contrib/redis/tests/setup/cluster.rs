use ferogram_session::{SessionBackend, SessionError};
use ferogram_session_redis::{RedisBackend, RedisConfig};
use ferogram_session_servers::certificates::Authority;
use ferogram_session_servers::redis::{PASSWORD, Redis};
use ferogram_session_servers::sessions::{full, normal};
use redis::TlsCertificates;
use redis::cluster::ClusterClient;
use std::time::{Duration, Instant};

/// Nodes that share the keys among them.
fn cluster(slots: &[(&str, &str)]) -> Vec<Redis> {
    joined(slots.iter().map(|_| Redis::with().in_cluster().open()).collect(), slots)
}

/// These nodes, of which the first ones have these slots.
fn joined(nodes: Vec<Redis>, slots: &[(&str, &str)]) -> Vec<Redis> {
    for (node, (first, last)) in nodes.iter().zip(slots) {
        assert_eq!(node.ask(&["CLUSTER", "ADDSLOTSRANGE", first, last]), "+OK");
    }
    for node in &nodes {
        let port = node.address().port().to_string();
        let bus = node.ask(&["CONFIG", "GET", "cluster-port"]);
        let bus = bus.lines().last().unwrap().to_owned();
        assert_eq!(nodes[0].ask(&["CLUSTER", "MEET", "127.0.0.1", &port, &bus]), "+OK");
    }
    let known = format!("cluster_known_nodes:{}", nodes.len());
    let whole = |node: &Redis| {
        let about = node.ask(&["CLUSTER", "INFO"]);
        about.contains("cluster_state:ok") && about.contains(&known)
    };
    until("the cluster", || nodes.iter().all(whole));
    nodes
}

fn until(what: &str, done: impl Fn() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < Duration::from_secs(30), "{what} did not come up");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn cannot_list(backend: &RedisBackend) {
    let error = backend.sessions().unwrap_err();
    assert!(matches!(SessionError::of(&error), Some(SessionError::Unsupported(_))), "{error}");
    assert!(error.to_string().contains("redis-cli --scan --pattern 'tg:*'"), "{error}");
}

#[test]
fn a_cluster_of_one_is_listed() {
    let nodes = cluster(&[("0", "16383")]);
    let backend = RedisBackend::new(nodes[0].url(), "my-bot");
    backend.save(&full(3_000)).unwrap();
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(3_000))));
    backend.session("other").set_home_dc(1).unwrap();
    assert_eq!(backend.sessions().unwrap(), ["my-bot", "other"]);
    backend.delete().unwrap();
    assert!(backend.load().unwrap().is_none());
    assert_eq!(backend.sessions().unwrap(), ["other"]);
    // With a slot that nobody has, what was under it may be elsewhere.
    assert_eq!(nodes[0].ask(&["CLUSTER", "DELSLOTS", "16383"]), "+OK");
    cannot_list(&backend);
}

#[test]
fn sessions_all_over_a_cluster() {
    let nodes = cluster(&[("0", "5000"), ("5001", "11000"), ("11001", "16383")]);
    let client = ClusterClient::builder(vec![nodes[0].url()])
        .connection_timeout(Duration::from_secs(5))
        .response_timeout(Duration::from_secs(5))
        .build()
        .unwrap();
    let config = RedisConfig::connection_with(move || client.get_connection());
    let backend = RedisBackend::with(config, "my-bot");
    cannot_list(&backend);
    cannot_list(&RedisBackend::new(nodes[1].url(), "my-bot"));
    for nth in 0..12 {
        let session = backend.session(format!("bot-{nth}"));
        session.save(&full(nth)).unwrap();
        session.set_home_dc(5).unwrap();
        session.save(&full(nth + 1)).unwrap();
        assert_eq!(session.load().unwrap().map(normal), Some(normal(full(nth + 1))));
    }
    let keys = nodes.iter().map(|node| node.ask(&["DBSIZE"])).collect::<Vec<_>>();
    assert!(keys.iter().all(|keys| keys != ":0"), "not all over it: {keys:?}");
    (0..12).for_each(|nth| backend.session(format!("bot-{nth}")).delete().unwrap());
    assert!(nodes.iter().all(|node| node.ask(&["DBSIZE"]) == ":0"));
}

#[test]
fn a_node_that_does_not_have_the_key_is_an_error_that_says_so() {
    let nodes = cluster(&[("0", "8000"), ("8001", "16383")]);
    let mut elsewhere = 0;
    for nth in 0..12 {
        let backend = RedisBackend::new(nodes[0].url(), format!("bot-{nth}"));
        if let Err(error) = backend.set_home_dc(1) {
            elsewhere += 1;
            assert!(error.to_string().contains("connection_with"), "{error}");
        }
    }
    assert!((1..12).contains(&elsewhere), "{elsewhere}");
}

/// The client follows where the server sends it, while the key is moved and
/// afterwards.
#[test]
fn a_session_moves_from_node_to_node() {
    let nodes = cluster(&[("0", "8000"), ("8001", "16383")]);
    let client = ClusterClient::builder(vec![nodes[0].url()])
        .connection_timeout(Duration::from_secs(5))
        .response_timeout(Duration::from_secs(5))
        .build()
        .unwrap();
    let config = RedisConfig::connection_with(move || client.get_connection());
    let backend = RedisBackend::with(config, "my-bot");
    backend.save(&full(50)).unwrap();
    let slot = nodes[0].ask(&["CLUSTER", "KEYSLOT", "tg:my-bot"])[1..].to_owned();
    let has = |node: &Redis| node.ask(&["DBSIZE"]) == ":1";
    let (from, to) = if has(&nodes[0]) { (0, 1) } else { (1, 0) };
    let ids = [&nodes[from], &nodes[to]].map(|node| node.ask(&["CLUSTER", "MYID"]));
    let [from, to] = [&nodes[from], &nodes[to]];
    let set = |node: &Redis, what: &str, id: &str| {
        assert_eq!(node.ask(&["CLUSTER", "SETSLOT", &slot, what, id]), "+OK");
    };
    set(to, "IMPORTING", &ids[0]);
    set(from, "MIGRATING", &ids[1]);
    backend.set_home_dc(3).unwrap();
    let port = to.address().port().to_string();
    let moves = ["MIGRATE", "127.0.0.1", &port, "tg:my-bot", "0", "5000", "AUTH", PASSWORD];
    assert_eq!(from.ask(&moves), "+OK");
    assert!(has(to) && !has(from));
    backend.set_home_dc(4).unwrap();
    assert_eq!(backend.load().unwrap().unwrap().home_dc_id, 4);
    for node in [to, from] {
        set(node, "NODE", &ids[1]);
    }
    backend.set_home_dc(5).unwrap();
    backend.save(&full(20)).unwrap();
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(20))));
    assert!(has(to) && !has(from));
}

/// Its primary is killed, and a replica takes its place, by itself.
#[test]
fn a_primary_of_a_cluster_with_tls_fails() {
    let authority = Authority::new();
    let node = |_| {
        let quick = Redis::with().in_cluster().set("cluster-node-timeout 1000");
        let quick = quick.set("tls-cluster yes").set("tls-replication yes");
        quick.set(format!("masterauth {PASSWORD}")).open_with_tls(&authority)
    };
    let slots = [("0", "5000"), ("5001", "11000"), ("11001", "16383")];
    let mut nodes = joined((0..4).map(node).collect(), &slots);
    let root_cert = Some(authority.pem().as_bytes().to_vec());
    let client = ClusterClient::builder(nodes.iter().map(Redis::url))
        .certs(TlsCertificates { client_tls: None, root_cert })
        .connection_timeout(Duration::from_secs(5))
        .response_timeout(Duration::from_secs(5))
        .build()
        .unwrap();
    let config = RedisConfig::connection_with(move || client.get_connection());
    let backend = RedisBackend::with(config, "my-bot");
    backend.save(&full(50)).unwrap();
    let primary = nodes.iter().position(|node| node.ask(&["DBSIZE"]) == ":1").unwrap();
    let (id, replica) = (nodes[primary].ask(&["CLUSTER", "MYID"]), 3);
    until("the replica", || nodes[replica].ask(&["CLUSTER", "REPLICATE", &id]) == "+OK");
    until("the copy", || nodes[replica].ask(&["INFO", "replication"]).contains("status:up"));
    backend.set_home_dc(4).unwrap();
    // What it answered before it was sent to the replica would be lost.
    until("the change", || {
        let offset = |node: &Redis| {
            let about = node.ask(&["INFO", "replication"]);
            about.lines().find(|line| line.starts_with("master_repl_offset")).map(str::to_owned)
        };
        offset(&nodes[primary]) == offset(&nodes[replica])
    });
    nodes[primary].kill();
    until("the new primary", || backend.load().is_ok());
    let mut session = full(50);
    session.home_dc_id = 4;
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(session)));
    backend.set_home_dc(5).unwrap();
    backend.save(&full(20)).unwrap();
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(full(20))));
    assert!(nodes[replica].ask(&["INFO", "replication"]).contains("role:master"));
}
