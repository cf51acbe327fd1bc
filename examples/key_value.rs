//! The mode `key_value`: a store that holds a field for each record of a
//! session. A change writes the fields that it touches.
//!
//! ```text
//! $ cargo run --example key_value
//! a login:
//!   write tg:my-bot: home_dc dc:2:0 primary peer:channel:1 peer:channel:2
//! a new peer:
//!   write tg:my-bot: peer:channel:1001
//! home dc 2, 1 auth key, pts 4711, 3 peers
//! ```

use example_stores::OrderedMap;
use example_stores::sample::{channel, in_short, login};
use ferogram_session::{
    Expect, Field, Fields, KeyValueStore, SessionBackend, SessionCache, Version, Written,
};
use std::io;

#[derive(SessionBackend)]
#[session(key_value(key = "tg:{account}"))]
struct MyBackend {
    #[session(store)]
    map: Counted,
    #[session(cache)]
    cache: SessionCache,
    account: &'static str,
}

/// A map, and a line for each write to it.
struct Counted(OrderedMap);

impl KeyValueStore for Counted {
    fn read(&self, key: &str) -> io::Result<Option<(Fields, Version)>> {
        self.0.read(key)
    }

    fn write(&self, key: &str, fields: &[Field], expect: &Expect) -> io::Result<Written> {
        let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
        println!("  write {key}: {}", names.join(" "));
        self.0.write(key, fields, expect)
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        self.0.delete(key)
    }

    fn conditional(&self) -> bool {
        self.0.conditional()
    }
}

fn main() -> io::Result<()> {
    let map = Counted(OrderedMap::default());
    let backend = MyBackend { map, cache: SessionCache::new(), account: "my-bot" };
    println!("a login:");
    backend.save(&login(2))?;
    println!("a new peer:");
    backend.cache_peer(&channel(1_001))?;
    println!("{}", in_short(backend.load()?.as_ref()));
    Ok(())
}
