//! Many accounts in one database, over one connection.
//!
//! ```text
//! $ cargo run --example many_accounts --features sqlite-session
//! alice: home dc 2, 1 auth key, pts 4711, 20 peers
//! bob: home dc 2, 1 auth key, pts 4711, 30 peers
//! support-bot: home dc 2, 1 auth key, pts 4711, 40 peers
//! bob has left: alice, support-bot
//! ```

use example_stores::sample::{in_short, login};
use ferogram_session::{SessionBackend, SqliteBackend};
use std::io;
use std::thread;

fn main() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let database = SqliteBackend::new(folder.path().join("sessions.db"));

    // Accounts may log in at the same time: each call is a transaction.
    thread::scope(|scope| {
        let accounts = [("alice", 20), ("bob", 30), ("support-bot", 40)];
        let logins = accounts.map(|(account, peers)| {
            let account = database.session(account);
            scope.spawn(move || account.save(&login(peers)))
        });
        logins
            .into_iter()
            .try_for_each(|login| login.join().map_err(|_| io::Error::other("a login panicked"))?)
    })?;
    for account in database.sessions()? {
        println!("{account}: {}", in_short(database.session(account.as_str()).load()?.as_ref()));
    }

    database.session("bob").delete()?;
    println!("bob has left: {}", database.sessions()?.join(", "));
    Ok(())
}
