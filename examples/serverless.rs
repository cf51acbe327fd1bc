//! A string session where there is no disk: each run gets the string from an
//! environment variable or a secret manager, and gives back the new one.
//!
//! ```text
//! $ cargo run --example serverless
//! run 1: home dc 2, 1 auth key, pts 4711, 3 peers
//!        527 characters to put away
//! run 2: home dc 2, 1 auth key, pts 4711, 4 peers
//!        552 characters to put away
//! run 3: home dc 2, 1 auth key, pts 4711, 4 peers
//!        nothing new
//! cut off: string-session: load session "default": the bytes end in the middle of a field (at byte 11); pass the whole string, or an empty one to start a new login
//! ```

use example_stores::sample::{channel, in_short, login};
use ferogram_session::{SessionBackend, StringSessionBackend};
use std::io;

/// One run of the function: `secret` is what the last one left, empty before
/// the first. Returns what to put away, if there is anything new.
fn run(secret: &str) -> io::Result<Option<String>> {
    let backend = StringSessionBackend::new(secret);
    match backend.load()? {
        None => backend.save(&login(3))?,
        Some(session) if session.peers.len() < 4 => backend.cache_peer(&channel(1_001))?,
        Some(_) => {}
    }
    println!("{}", in_short(backend.load()?.as_ref()));
    let now = backend.current();
    Ok((now != secret).then_some(now))
}

fn main() -> io::Result<()> {
    let mut secret = String::new();
    for number in 1..=3 {
        print!("run {number}: ");
        match run(&secret)? {
            Some(new) => {
                // The string is the account: put it away, and never print it.
                println!("       {} characters to put away", new.len());
                secret = new;
            }
            None => println!("       nothing new"),
        }
    }
    // A string that was cut off is an error, never a new login.
    let cut = &secret[..secret.len() / 2];
    if let Err(error) = run(cut) {
        println!("cut off: {error}");
    }
    Ok(())
}
