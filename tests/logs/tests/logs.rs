//! What is logged at trace level, by `tracing` and by `log`, in this thread and in
//! those of runtimes and clients, shows no secret: of the backends, and of the
//! libraries that they stand on. One test, because both are set up for a
//! program.

#[path = "logs/failing.rs"]
mod failing;

use failing::{DAMAGED_ROWS, damaged_database, damaged_file, damaged_string, in_vain, locked_out};
use ferogram_session::{
    BinaryFileBackend, InMemoryBackend, LibSqlBackend, SessionBackend, SqliteBackend,
    StringSessionBackend, UpdateStateChange,
};
use ferogram_session_postgres::{PostgresBackend, PostgresConfig};
use ferogram_session_redb::RedbBackend;
use ferogram_session_redis::{RedisBackend, RedisConfig};
use ferogram_session_s3::{S3Backend, S3Config};
use ferogram_session_servers::postgres::Postgres;
use ferogram_session_servers::redis::Redis;
use ferogram_session_servers::s3::{BUCKET, S3};
use ferogram_session_servers::sqld::Sqld;
use ferogram_session_tests::secret::{KEY, hides, session};
use std::collections::HashSet;
use std::fmt::{Debug, Write};
use std::sync::Mutex;
use std::thread::{self, ThreadId};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Everything that was logged.
static SAID: Mutex<Said> = Mutex::new(Said { text: String::new(), threads: None });

struct Said {
    text: String,
    threads: Option<HashSet<ThreadId>>,
}

fn say(source: &str, write: impl FnOnce(&mut String)) {
    // Written first: a value may log something itself.
    let mut line = format!("{source}: ");
    write(&mut line);
    let mut said = SAID.lock().unwrap();
    said.text += &line;
    said.text.push('\n');
    said.threads.get_or_insert_default().insert(thread::current().id());
}

/// What was said since the last time.
fn said() -> String {
    std::mem::take(&mut SAID.lock().unwrap().text)
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, "{}={value:?} ", field.name()).unwrap();
    }
}

struct ByTracing;

impl Subscriber for ByTracing {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        say(span.metadata().target(), |line| span.record(&mut Line(line)));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        say("values", |line| values.record(&mut Line(line)));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        say(event.metadata().target(), |line| event.record(&mut Line(line)));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct ByLog;

impl log::Log for ByLog {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        say(record.target(), |line| write!(line, "{}", record.args()).unwrap());
    }

    fn flush(&self) {}
}

/// Every call, and what was logged of it.
fn every_call(name: &str, backend: &dyn SessionBackend) {
    let session = session();
    hides(&said());
    backend.save(&session).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut next = session.clone();
    next.updates_state.pts = 7;
    next.peers[0].access_hash -= 1;
    next.peers.push(session.peers[0].clone());
    backend.save(&next).unwrap();
    backend.update_dc(&session.dcs[0]).unwrap();
    backend.cache_peer(&session.peers[0]).unwrap();
    backend.apply_update_state(UpdateStateChange::Secondary { qts: 1 }).unwrap();
    backend.set_home_dc(2).unwrap();
    assert!(backend.load().unwrap().unwrap().dcs.iter().any(|dc| dc.auth_key == Some(KEY)));
    backend.delete().unwrap();
    let text = said();
    assert!(text.contains("operation"), "{name} logs nothing");
    hides(&text);
}

#[test]
fn no_thread_logs_a_secret() {
    tracing::subscriber::set_global_default(ByTracing).unwrap();
    log::set_boxed_logger(Box::new(ByLog)).unwrap();
    log::set_max_level(log::LevelFilter::Trace);

    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    // The lock is waited for until the deadline, meanwhile.
    let locked_out =
        [("file", "locked.session"), ("sqlite", "locked.db"), ("libsql", "locked.libsql")].map(
            |(kind, name)| {
                let (path, lock) = (file(name), file(&format!("{name}.lock")));
                thread::spawn(move || match kind {
                    "file" => locked_out(&BinaryFileBackend::new(path), &lock),
                    "sqlite" => locked_out(&SqliteBackend::new(path), &lock),
                    _ => locked_out(&LibSqlBackend::new(path), &lock),
                })
            },
        );
    every_call("file", &BinaryFileBackend::new(file("bot.session")));
    every_call("memory", &InMemoryBackend::new());
    every_call("string", &StringSessionBackend::new(session().to_string()));
    every_call("sqlite", &SqliteBackend::new(file("bot.db")));
    every_call("libsql", &LibSqlBackend::new(file("bot.libsql")));
    every_call("redb", &RedbBackend::new(file("bot.redb")));

    let (sqld, redis, postgres, s3) = thread::scope(|scope| {
        let sqld = scope.spawn(Sqld::open);
        let redis = scope.spawn(|| Redis::with().set("appendonly no").open());
        let postgres = scope.spawn(Postgres::open);
        let s3 = scope.spawn(S3::open);
        (sqld.join().unwrap(), redis.join().unwrap(), postgres.join().unwrap(), s3.join().unwrap())
    });
    every_call("libsql over a network", &LibSqlBackend::remote(sqld.url(), ""));
    let replica = LibSqlBackend::open_replica(file("replica.db"), sqld.url(), "").unwrap();
    every_call("a replica", &replica);
    every_call("redis", &RedisBackend::with(RedisConfig::new(redis.url()), "bot"));
    let config = PostgresConfig::new(postgres.url("postgres"));
    every_call("postgres", &PostgresBackend::with(config, "bot"));
    let config = || {
        S3Config::new(format!("s3://{BUCKET}/logs"))
            .endpoint(s3.url())
            .credentials(&s3.key().id, &s3.key().secret)
    };
    every_call("s3", &S3Backend::with(config(), "bot"));

    // With an address that is full of secrets, where nobody listens.
    let secret = session().to_string();
    let url = |scheme: &str| format!("{scheme}://me:{secret}@127.0.0.1:1/");
    in_vain("libsql", &LibSqlBackend::remote(url("http"), secret.clone()));
    in_vain("redis", &RedisBackend::with(RedisConfig::new(url("redis")), "bot"));
    in_vain("postgres", &PostgresBackend::with(PostgresConfig::new(url("postgres")), "bot"));

    damaged_file(&file("damaged.session"));
    damaged_string();
    damaged_database(folder.path());
    for damage in DAMAGED_ROWS {
        let config = PostgresConfig::new(postgres.url("postgres"));
        let backend = PostgresBackend::with(config, "damaged");
        backend.save(&session()).unwrap();
        postgres.sql("postgres", damage);
        failing::fails(damage, &backend, &["load"]);
        postgres.sql("postgres", "DELETE FROM ferogram_dcs; DELETE FROM ferogram_peers");
        postgres.sql("postgres", "DELETE FROM ferogram_sessions");
    }
    let backend = RedisBackend::with(RedisConfig::new(redis.url()), "damaged");
    backend.save(&session()).unwrap();
    let names = redis.ask(&["HKEYS", "tg:damaged"]);
    let name = names.lines().find(|name| name.starts_with("dc:")).unwrap();
    redis.ask(&["HSET", "tg:damaged", name, &secret]);
    failing::fails("a damaged field", &backend, &["load"]);
    for waiting in locked_out {
        waiting.join().unwrap();
    }
    let text = said();
    assert!(text.contains("holds"), "the wait for a lock is not logged");
    hides(&text);

    let threads = SAID.lock().unwrap().threads.take().unwrap();
    assert!(threads.len() > 1, "only this thread logged something");
}
