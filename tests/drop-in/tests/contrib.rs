//! The contributed backends behind the real client, on real servers and in a file.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use drop_in::life::Life;
use drop_in::{Open, kinds};
use ferogram_session_redb::RedbBackend;
use ferogram_session_servers::postgres::Postgres;
use ferogram_session_servers::redis::Redis;
use ferogram_session_servers::s3::S3;
use ferogram_session_servers::shared::OfProgram;

const BOT: &str = env!("CARGO_BIN_EXE_bot");

static REDIS: OfProgram<Redis> = OfProgram::new();
static POSTGRES: OfProgram<Postgres> = OfProgram::new();
static BUCKETS: OfProgram<S3> = OfProgram::new();

/// The place of a session that nobody else uses, as `kinds` takes it.
fn place(url: &str) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    format!("{url}#session-{}", NUMBER.fetch_add(1, Ordering::SeqCst))
}

/// New handles on one session of a server, which runs as long as they do.
fn on_server<S: Send + Sync + 'static>(kind: &'static str, server: Arc<S>, url: String) -> Open {
    let place = place(&url);
    Arc::new(move || {
        let _runs = &server;
        kinds::open(kind, &place)
    })
}

fn on_redis() -> Open {
    let server = REDIS.get(Redis::open);
    let url = server.url();
    on_server("redis", server, url)
}

fn on_postgres() -> Open {
    let server = POSTGRES.get(Postgres::open);
    let url = server.url("postgres");
    on_server("postgres", server, url)
}

fn on_s3() -> Open {
    let server = BUCKETS.get(S3::open);
    let note = server.note();
    on_server("s3", server, note)
}

/// Of a file that one program has to itself, and there one backend: its clones.
fn on_redb() -> Open {
    let folder = tempfile::tempdir().unwrap();
    let backend = RedbBackend::new(folder.path().join("bot.redb"));
    Arc::new(move || {
        let _lasts = &folder;
        Arc::new(backend.clone())
    })
}

drop_in::backends! {
    redis: on_redis();
    postgres: on_postgres();
    s3: on_s3();
    redb: on_redb();
}

fn lives(kind: &str, url: &str) {
    Life::new(BOT, kind, place(url)).whole();
    Life::new(BOT, kind, place(url)).killed_early(15);
    Life::new(BOT, kind, place(url)).killed(15);
}

#[test]
fn a_life_on_redis() {
    let server = REDIS.get(Redis::open);
    lives("redis", &server.url());
}

#[test]
fn a_life_on_postgres() {
    let server = POSTGRES.get(Postgres::open);
    lives("postgres", &server.url("postgres"));
}

#[test]
fn a_life_on_s3() {
    let server = BUCKETS.get(S3::open);
    lives("s3", &server.note());
}

/// Only when the bot is gone it can be seen what it stored; the rest of its life is
/// in `with_client.rs`.
#[test]
fn killed_on_redb() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("bot.redb").to_str().unwrap().to_owned();
    Life::new(BOT, "redb", place).killed(15);
}
