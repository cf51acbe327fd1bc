//! The store is an async client.

use std::io;

use ferogram_session::{AsyncKeyValueStore, Expect, Field, Fields, SessionBackend, Version, Written};

struct Client;

impl AsyncKeyValueStore for Client {
    async fn read(&self, _: &str) -> io::Result<Option<(Fields, Version)>> {
        Ok(None)
    }

    async fn write(&self, _: &str, _: &[Field], _: &Expect) -> io::Result<Written> {
        Ok(Written::DONE)
    }

    async fn delete(&self, _: &str) -> io::Result<()> {
        Ok(())
    }
}

#[derive(SessionBackend)]
#[session(key_value)]
struct Backend {
    #[session(store)]
    client: Client,
}

fn main() {
    let _: fn(&Backend) -> &dyn SessionBackend = |backend| backend;
}
