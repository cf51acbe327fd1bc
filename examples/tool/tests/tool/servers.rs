//! Through every server, each a real one.

use crate::run::{folder, login, run_in};
use ferogram_session::{BinaryFileBackend, SessionBackend};
use ferogram_session_servers::postgres::Postgres;
use ferogram_session_servers::redis::Redis;
use ferogram_session_servers::s3::{BUCKET, S3};
use ferogram_session_servers::sqld::Sqld;

#[test]
fn a_session_goes_through_every_server() {
    let folder = folder();
    let at = folder.path();
    let (redis, postgres, sqld) = (Redis::open(), Postgres::open(), Sqld::open());
    let service = S3::open();
    let s3 = format!("s3://{BUCKET}/bots?session=my-bot");
    let (endpoint, key) = (service.url(), service.key());
    let redis = format!("{}?session=my-bot", redis.url());
    let postgres = format!("{}?session=my-bot&sslmode=disable", postgres.url("postgres"));
    let libsql = format!("libsql+{}?session=my-bot", sqld.url());
    let replica = format!("libsql+{}?session=other-bot&replica=copy.db", sqld.url());
    let variables = [
        ("REDIS", redis.as_str()),
        ("POSTGRES", postgres.as_str()),
        ("LIBSQL", libsql.as_str()),
        ("REPLICA", replica.as_str()),
        ("S3", s3.as_str()),
        ("AWS_ENDPOINT_URL", endpoint.as_str()),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", key.id.as_str()),
        ("AWS_SECRET_ACCESS_KEY", key.secret.as_str()),
    ];
    let run = |arguments: &[&str]| {
        let ended = run_in(at, arguments, "", &variables);
        ended.keeps(ferogram_session_servers::postgres::PASSWORD);
        ended.keeps(&key.secret);
        ended
    };

    let stations =
        ["file:bot.session", "@REDIS", "@POSTGRES", "@LIBSQL", "@S3", "file:back.session"];
    for pair in stations.windows(2) {
        run(&["inspect", pair[1]]).with(3);
        run(&["copy", pair[0], pair[1]]).with(0).says(&["copied: home dc 2, 1 auth key"]);
        run(&["copy", pair[0], pair[1]]).with(0).says(&["already there"]);
        run(&["inspect", pair[1]]).with(0).says(&["3 users"]);
        run(&["doctor", pair[1]]).with(0).says(&["the session is whole"]);
    }
    for server in &stations[1..5] {
        assert_eq!(run(&["sessions", server]).with(0).stdout, "my-bot\n", "{server}");
    }
    for server in &stations[1..5] {
        run(&["doctor", server]).with(0).says(&["cannot be told for"]);
    }
    // A copy of a server's database: written there, and read here.
    run(&["copy", "file:bot.session", "@REPLICA"]).with(0).says(&["copied: home dc 2"]);
    run(&["inspect", "@REPLICA"]).with(0).says(&["3 users"]);
    assert_eq!(run(&["sessions", "@LIBSQL"]).with(0).stdout, "my-bot\nother-bot\n");
    assert!(at.join("copy.db").exists());
    let back = BinaryFileBackend::new(at.join("back.session")).load().unwrap();
    assert_eq!(back, Some(login(3)));
}

#[test]
fn a_server_that_is_not_there_or_refuses_is_code_1_without_the_password() {
    let folder = folder();
    let at = folder.path();
    let mut redis = Redis::open();
    let wrong = format!("redis://:wrong-password@{}", redis.address());
    let ended = run_in(at, &["copy", "file:bot.session", "@STORE"], "", &[("STORE", &wrong)]);
    ended.with(1).keeps("wrong-password");
    redis.kill();
    for scheme in ["redis", "postgres", "libsql+http"] {
        let gone = format!("{scheme}://me:a-password@{}", redis.address());
        let ended = run_in(at, &["doctor", "@STORE"], "", &[("STORE", &gone)]);
        ended.with(1).keeps("a-password");
    }
}
