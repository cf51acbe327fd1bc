//! A session in S3: what is stored, and what a second writer does.
//!
//! It starts a service on this machine. Over one of yours: set
//! `AWS_ENDPOINT_URL` (or not, for AWS), `AWS_ACCESS_KEY_ID`,
//! `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, and give the place as the argument:
//! `s3://my-bucket/bots`.
//!
//! ```text
//! $ cargo run -p ferogram-session-s3 --example s3
//! before: no session
//! after a login: home DC 2, 1 key, 0 peers
//! after two writers: home DC 2, 1 key, 6 peers
//! sessions: ["another-example-of-s3", "example-of-s3"]
//! deleted: no session
//! ```

use ferogram_session::{CachedPeer, DcEntry, DcFlags, PersistedSession, SessionBackend};
use ferogram_session_s3::{S3Backend, S3Config};
use ferogram_session_servers::s3::{BUCKET, S3};
use std::io;

fn main() -> io::Result<()> {
    let server; // Kept until the end: the service runs as long.
    let given = std::env::var_os("AWS_ENDPOINT_URL").map(|_| "s3://sessions/bots".to_owned());
    let config = match std::env::args().nth(1).or(given) {
        Some(url) => S3Config::new(url),
        None => {
            server = S3::open();
            S3Config::new(format!("s3://{BUCKET}/bots"))
                .endpoint(server.url())
                .credentials(&server.key().id, &server.key().secret)
        }
    };

    let bot = S3Backend::with(config.clone(), "example-of-s3");
    println!("before: {}", told(&bot)?);
    let mut dc = DcEntry::from_parts(2, "149.154.167.51", 443, DcFlags::NONE);
    dc.auth_key = Some([7; 256]);
    bot.save(&PersistedSession { home_dc_id: 2, dcs: vec![dc], ..Default::default() })?;
    println!("after a login: {}", told(&bot)?);

    // Another process, with a cache of its own: neither loses what the other wrote.
    let other = S3Backend::with(config, "example-of-s3");
    for id in 1..=3 {
        bot.cache_peer(&peer(id))?;
        other.cache_peer(&peer(100 + id))?;
    }
    println!("after two writers: {}", told(&bot)?);

    bot.session("another-example-of-s3").set_home_dc(4)?;
    println!("sessions: {:?}", bot.sessions()?);
    bot.session("another-example-of-s3").delete()?;
    bot.delete()?;
    println!("deleted: {}", told(&bot)?);
    Ok(())
}

fn told(backend: &S3Backend) -> io::Result<String> {
    let Some(session) = backend.load()? else { return Ok("no session".to_owned()) };
    let stats = session.stats();
    let (home, keys) = (stats.home_dc_id, stats.dcs_with_auth_key);
    Ok(format!("home DC {home}, {keys} key, {} peers", stats.peers_total))
}

fn peer(id: i64) -> CachedPeer {
    CachedPeer {
        id,
        access_hash: id * 31,
        is_channel: false,
        is_chat: false,
        channel_kind: None,
        is_community: false,
    }
}
