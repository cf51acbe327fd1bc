//! The real client on the backend that `SESSION` names: `file:bot.session`, `sqlite:bot.db`, `libsql:bot.db`,
//! `https://bots.example.io` (a libSQL server; its token is in `LIBSQL_AUTH_TOKEN`), `https://bots.example.io?replica=copy.db` (the
//! same, read through a copy in a file), `redb:bot.redb`, `redis://localhost`, `postgres://me@localhost/bots` or
//! `s3://bucket/bots`. `API_ID` and `API_HASH` are your application's; `BOT_TOKEN` is needed for the first login. Ctrl-C ends it.
//!
//! It is built with `tests/drop-in`, where the client is patched to use this crate. There it runs on each of them,
//! against a datacentre on loopback that knows the stored login, and prints every time
//!
//! ```text
//! $ SESSION=file:bot.session cargo run --manifest-path tests/drop-in/Cargo.toml --all-features --bin with_client
//! going on from pts 100, with 8 peers
//! signed in as user 0
//! stopped at pts 5003, with 15 peers
//! ```

use ferogram::{BinaryFileBackend, Client, LibSqlBackend, SessionBackend, SqliteBackend};
use std::{env, error::Error, process::ExitCode, sync::Arc};
use tokio::signal::unix::{SignalKind, signal};
use {ferogram_session_postgres::PostgresBackend, ferogram_session_redis::RedisBackend};

/// Where the login is kept, which is all that differs. No default: in a wrong place it is lost.
fn backend(place: &str) -> Result<Arc<dyn SessionBackend>, Box<dyn Error>> {
    let token = env::var("LIBSQL_AUTH_TOKEN").unwrap_or_default();
    Ok(match place.split_once(':') {
        Some(("file", path)) => Arc::new(BinaryFileBackend::new(path)),
        Some(("sqlite", path)) => Arc::new(SqliteBackend::new(path)),
        Some(("libsql", path)) => Arc::new(LibSqlBackend::new(path)),
        Some(("http" | "https", _)) => Arc::new(match place.split_once("?replica=") {
            Some((server, path)) => LibSqlBackend::open_replica(path, server, token)?,
            None => LibSqlBackend::remote(place, token),
        }),
        Some(("redb", path)) => Arc::new(ferogram_session_redb::RedbBackend::new(path)),
        Some(("redis" | "rediss", _)) => Arc::new(RedisBackend::new(place, "my-bot")),
        Some(("postgres" | "postgresql", _)) => Arc::new(PostgresBackend::new(place, "my-bot")),
        Some(("s3", _)) => Arc::new(ferogram_session_s3::S3Backend::new(place, "my-bot")),
        _ => return Err("SESSION is file:PATH, or sqlite:, libsql:, redb:, or a URL".into()),
    })
}

#[tokio::main]
async fn main() -> ExitCode {
    u8::from(bot().await.map_err(|error| eprintln!("{error}")).is_err()).into()
}

async fn bot() -> Result<(), Box<dyn Error>> {
    let var = |name| env::var(name).map_err(|_| format!("the variable {name} is not set"));
    let backend = backend(&var("SESSION")?)?;
    let tell = |what: &str| {
        let at = backend.load().map(Option::unwrap_or_default);
        at.map(|it| println!("{what} pts {}, with {} peers", it.updates_state.pts, it.peers.len()))
    };
    tell("going on from")?;
    let id = var("API_ID")?.parse().map_err(|_| "API_ID is not a number")?;
    let bot = Client::builder().api_id(id).api_hash(var("API_HASH")?);
    let (client, shutdown) = bot.session_backend(backend.clone()).catch_up(true).connect().await?;
    if !client.is_authorized().await? {
        client.bot_sign_in(&var("BOT_TOKEN")?).await?;
        client.save_session().await?;
    }
    let mut stop = signal(SignalKind::interrupt())?; // before it says a word: else Ctrl-C kills it
    println!("signed in as {}", client.get_me().await?.first_name.unwrap_or_default());
    let mut updates = client.stream_updates();
    // Ctrl-C also ends it while an answer is on its way.
    while let Some(it) = tokio::select! { it = updates.next() => it, _ = stop.recv() => None } {
        let ferogram::update::Update::NewMessage(message) = it else { continue };
        if !message.outgoing() {
            message.reply("Hello").await?;
        }
    }
    client.save_session().await?;
    shutdown.cancel();
    Ok(tell("stopped at")?)
}
