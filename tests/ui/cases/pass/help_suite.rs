//! What the help lines of `conformance!` say to write in a store.

use ferogram_session::{BlobStore, Expect, Version, Written};
use std::io;

struct Compares;

impl BlobStore for Compares {
    fn read(&self, _: &str) -> io::Result<Option<(Vec<u8>, Version)>> {
        Ok(None)
    }

    fn write(&self, _: &str, _: &[u8], _: &Expect) -> io::Result<Written> {
        Ok(Written::Conflict)
    }

    fn delete(&self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn conditional(&self) -> bool {
        true
    }
}

fn main() {
    assert!(Compares.conditional());
}
