//! The mode `rows`: a store that holds a row for each record, and is told the
//! changes. SQL databases are of this kind, and logs, and memory; here memory,
//! inside a store that tells what is written.
//!
//! ```text
//! $ cargo run --example rows
//! a login:
//!   my-bot: the whole session
//! an update:
//!   my-bot: put Primary
//! a save of everything, in which one peer is new:
//!   my-bot: put Peer(Channel, 1001)
//! home dc 2, 1 auth key, pts 4712, 101 peers
//! ```

use example_stores::Audited;
use example_stores::sample::{channel, in_short, login};
use ferogram_session::{MemoryStore, SessionBackend, SessionCache, UpdateStateChange};
use std::io;

#[derive(SessionBackend)]
#[session(rows(key = "{account}"))]
struct MyBackend {
    #[session(store)]
    tables: Audited<MemoryStore>,
    #[session(cache)]
    cache: SessionCache,
    account: &'static str,
}

fn main() -> io::Result<()> {
    let backend = MyBackend {
        tables: Audited::new(MemoryStore::new(), |line| println!("  {line}")),
        cache: SessionCache::new(),
        account: "my-bot",
    };
    println!("a login:");
    backend.save(&login(100))?;
    println!("an update:");
    backend.apply_update_state(UpdateStateChange::Primary { pts: 4_712, date: 0, seq: 0 })?;
    println!("a save of everything, in which one peer is new:");
    let mut session = backend.load()?.unwrap_or_default();
    session.peers.push(channel(1_001));
    backend.save(&session)?;
    println!("{}", in_short(backend.load()?.as_ref()));
    Ok(())
}
