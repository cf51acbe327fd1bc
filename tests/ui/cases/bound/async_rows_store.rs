//! The store is an async client.

use std::io;

use ferogram_session::{AsyncRowStore, Expect, Records, SessionBackend, Version, Written};

struct Client;

impl AsyncRowStore for Client {
    async fn read(&self, _: &str) -> io::Result<Option<(Records, Version)>> {
        Ok(None)
    }

    async fn write(&self, _: &str, _: &ferogram_session::Write<'_>, _: &Expect) -> io::Result<Written> {
        Ok(Written::DONE)
    }

    async fn delete(&self, _: &str) -> io::Result<()> {
        Ok(())
    }
}

#[derive(SessionBackend)]
#[session(rows)]
struct Backend {
    #[session(store)]
    client: Client,
}

fn main() {
    let _: fn(&Backend) -> &dyn SessionBackend = |backend| backend;
}
