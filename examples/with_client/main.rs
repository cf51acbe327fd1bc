//! The real client on the backend that `SESSION` names: `file:bot.session`, `sqlite:bot.db`, `libsql:bot.db`,
//! `redb:bot.redb`, `redis://localhost`, `postgres://me@localhost/bots` or `s3://bucket/bots`. `API_ID` and `API_HASH` are your
//! application's; `BOT_TOKEN` is needed for the first login. Ctrl-C ends it.
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

use ferogram::update::Update;
use ferogram::{BinaryFileBackend, Client, LibSqlBackend, SessionBackend, SqliteBackend};
use ferogram_session_postgres::PostgresBackend;
use ferogram_session_redb::RedbBackend;
use ferogram_session_redis::RedisBackend;
use ferogram_session_s3::S3Backend;
use std::{env, error::Error, io, sync::Arc};
use tokio::signal::unix::{SignalKind, signal};

/// Where the login is kept, which is all that differs. No default: in a wrong place it is lost.
fn backend(place: &str) -> Result<Arc<dyn SessionBackend>, Box<dyn Error>> {
    Ok(match place.split_once(':') {
        Some(("file", path)) => Arc::new(BinaryFileBackend::new(path)),
        Some(("sqlite", path)) => Arc::new(SqliteBackend::new(path)),
        Some(("libsql", path)) => Arc::new(LibSqlBackend::new(path)),
        Some(("redb", path)) => Arc::new(RedbBackend::new(path)),
        Some(("redis" | "rediss", _)) => Arc::new(RedisBackend::new(place, "my-bot")),
        Some(("postgres" | "postgresql", _)) => Arc::new(PostgresBackend::new(place, "my-bot")),
        Some(("s3", _)) => Arc::new(S3Backend::new(place, "my-bot")),
        _ => return Err("SESSION is file:PATH, or sqlite:, libsql:, redb:, or a URL".into()),
    })
}

fn tell(what: &str, backend: &dyn SessionBackend) -> io::Result<()> {
    let stored = backend.load()?.unwrap_or_default();
    println!("{what} pts {}, with {} peers", stored.updates_state.pts, stored.peers.len());
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let variable = |name| env::var(name).map_err(|_| format!("the variable {name} is not set"));
    let backend = backend(&variable("SESSION")?)?;
    tell("going on from", &*backend)?;
    let client = Client::builder().api_id(variable("API_ID")?.parse()?);
    let client = client.api_hash(variable("API_HASH")?).session_backend(backend.clone());
    // With what happened since the stored pts.
    let (client, shutdown) = client.catch_up(true).connect().await?;
    if !client.is_authorized().await? {
        client.bot_sign_in(&variable("BOT_TOKEN")?).await?;
        client.save_session().await?;
    }
    let mut stop = signal(SignalKind::interrupt())?; // before it says a word: else Ctrl-C kills it
    println!("signed in as {}", client.get_me().await?.first_name.unwrap_or_default());
    let mut updates = client.stream_updates();
    while let Some(update) = tokio::select! {
        update = updates.next() => update,
        _ = stop.recv() => None, // also while an answer is on its way
    } {
        let Update::NewMessage(message) = update else { continue };
        if !message.outgoing() {
            message.reply("Hello").await?;
        }
    }
    client.save_session().await?;
    shutdown.cancel();
    Ok(tell("stopped at", &*backend)?)
}
