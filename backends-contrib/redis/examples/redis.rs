//! Sessions in Redis: on the server at `REDIS_URL`, under keys of their own, or
//! on one that is started for as long as this runs.
//!
//! ```text
//! $ cargo run -p ferogram-session-redis --example redis
//! before the first save: None
//! peers stored: Some(1)
//! sessions: ["another bot", "my-bot"]
//! fields of one: ["@ferogram", "dc:2:0", "home_dc", "peer:user:777000"]
//! deleted; left: []
//! ```

use ferogram_session::{CachedPeer, DcEntry, DcFlags, SessionBackend};
use ferogram_session_redis::{RedisBackend, RedisConfig};
use ferogram_session_servers::redis::Redis;
use std::env;

fn main() -> std::io::Result<()> {
    let (server, url) = match env::var("REDIS_URL") {
        Ok(url) => (None, url),
        Err(_) => {
            let server = Redis::open();
            let url = server.url();
            (Some(server), url)
        }
    };
    let config = RedisConfig::new(url).prefix("ferogram-example:");
    let backend = RedisBackend::with(config, "my-bot");
    println!("before the first save: {:?}", backend.load()?.map(|session| session.stats()));

    // What the client does at a login.
    let mut dc = DcEntry::from_parts(2, "149.154.167.51", 443, DcFlags::NONE);
    dc.auth_key = Some([7; 256]);
    backend.update_dc(&dc)?;
    backend.set_home_dc(2)?;
    // And when it meets somebody: one round trip, whatever else is stored.
    let peer = CachedPeer {
        id: 777_000,
        access_hash: 1_234_567_890,
        is_channel: false,
        is_chat: false,
        channel_kind: None,
        is_community: false,
    };
    backend.cache_peer(&peer)?;
    println!("peers stored: {:?}", backend.load()?.map(|session| session.peers.len()));

    // Another process has connections and a cache of its own.
    backend.session("another bot").set_home_dc(4)?;
    println!("sessions: {:?}", backend.sessions()?);
    if let Some(server) = &server {
        let keys = server.ask(&["HKEYS", "ferogram-example:my-bot"]);
        let mut fields: Vec<&str> = keys.lines().collect();
        fields.sort_unstable();
        println!("fields of one: {fields:?}");
    }

    for session in backend.sessions()? {
        backend.session(session).delete()?;
    }
    println!("deleted; left: {:?}", backend.sessions()?);
    Ok(())
}
