//! The store is an async client.

use std::io;

use ferogram_session::{AsyncBlobStore, Expect, SessionBackend, Version, Written};

struct Client;

impl AsyncBlobStore for Client {
    async fn read(&self, _: &str) -> io::Result<Option<(Vec<u8>, Version)>> {
        Ok(None)
    }

    async fn write(&self, _: &str, _: &[u8], _: &Expect) -> io::Result<Written> {
        Ok(Written::DONE)
    }

    async fn delete(&self, _: &str) -> io::Result<()> {
        Ok(())
    }
}

#[derive(SessionBackend)]
#[session(blob)]
struct S3Backend {
    #[session(store)]
    bucket: Client,
}

fn main() {
    let _: fn(&S3Backend) -> &dyn SessionBackend = |backend| backend;
}
