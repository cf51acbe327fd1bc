//! The store's own type stays on one thread: the compiler says so of its
//! implementation, and of the struct that holds it.

use std::cell::RefCell;
use std::io;

use ferogram_session::{BlobStore, Expect, SessionBackend, Version, Written};

struct Client {
    last: RefCell<String>,
}

impl BlobStore for Client {
    fn read(&self, key: &str) -> io::Result<Option<(Vec<u8>, Version)>> {
        self.last.replace(key.to_owned());
        Ok(None)
    }

    fn write(&self, _: &str, _: &[u8], _: &Expect) -> io::Result<Written> {
        Ok(Written::DONE)
    }

    fn delete(&self, _: &str) -> io::Result<()> {
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
