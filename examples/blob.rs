//! The mode `blob`: a store that holds one value for each session. A change
//! reads the value, and writes it anew.
//!
//! ```text
//! $ cargo run --example blob
//! a login:
//!   read tg:my-bot: 0 bytes
//!   write tg:my-bot: 2238 bytes
//! a new peer:
//!   read tg:my-bot: 2238 bytes
//!   write tg:my-bot: 2257 bytes
//!   read tg:my-bot: 2257 bytes
//! home dc 2, 1 auth key, pts 4711, 101 peers
//! ```

use example_stores::Directory;
use example_stores::sample::{channel, in_short, login};
use ferogram_session::{BlobStore, Expect, SessionBackend, Version, Written};
use std::io;

#[derive(SessionBackend)]
#[session(blob(key = "tg:{account}"))]
struct MyBackend {
    #[session(store)]
    values: Counted,
    account: &'static str,
}

/// A directory, and a line for each call of it.
struct Counted(Directory);

impl BlobStore for Counted {
    fn read(&self, key: &str) -> io::Result<Option<(Vec<u8>, Version)>> {
        let value = self.0.read(key)?;
        println!("  read {key}: {} bytes", value.as_ref().map_or(0, |(bytes, _)| bytes.len()));
        Ok(value)
    }

    fn write(&self, key: &str, bytes: &[u8], expect: &Expect) -> io::Result<Written> {
        println!("  write {key}: {} bytes", bytes.len());
        self.0.write(key, bytes, expect)
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        self.0.delete(key)
    }
}

fn main() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let values = Counted(Directory(folder.path().to_owned()));
    let backend = MyBackend { values, account: "my-bot" };
    println!("a login:");
    backend.save(&login(100))?;
    println!("a new peer:");
    backend.cache_peer(&channel(1_001))?;
    println!("{}", in_short(backend.load()?.as_ref()));
    Ok(())
}
