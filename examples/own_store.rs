//! A store of a team's own, and the proof that it is right: the conformance
//! suite runs with `cargo test --example own_store --features testing`.
//!
//! ```text
//! $ cargo run --example own_store
//! vault: home dc 2, 1 auth key, pts 4711, 10 peers
//! ```

use example_stores::sample::{in_short, login};
use ferogram_session::{BlobStore, Expect, SessionBackend, Version, Written};
use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

/// The team's secret manager: a name, a version and a value.
#[derive(Default)]
struct Vault(Mutex<HashMap<String, (Version, Vec<u8>)>>);

impl BlobStore for Vault {
    fn read(&self, key: &str) -> io::Result<Option<(Vec<u8>, Version)>> {
        let vault = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(vault.get(key).map(|(version, value)| (value.clone(), version.clone())))
    }

    fn write(&self, key: &str, bytes: &[u8], expect: &Expect) -> io::Result<Written> {
        let mut vault = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !expect.matches(vault.get(key).map(|(version, _)| version)) {
            return Ok(Written::Conflict);
        }
        let version = Version::fresh();
        vault.insert(key.to_owned(), (version.clone(), bytes.to_vec()));
        Ok(Written::Version(version))
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
        Ok(())
    }

    fn conditional(&self) -> bool {
        true
    }
}

#[derive(SessionBackend)]
#[session(blob(key = "telegram/{account}"))]
struct VaultBackend {
    #[session(store)]
    vault: Arc<Vault>,
    account: String,
}

fn main() -> io::Result<()> {
    let backend = VaultBackend { vault: Arc::default(), account: "my-bot".to_owned() };
    backend.save(&login(10))?;
    println!("{}: {}", backend.name(), in_short(backend.load()?.as_ref()));
    Ok(())
}

#[cfg(all(test, feature = "testing"))]
ferogram_session::conformance!(
    |place| VaultBackend { vault: place.shared(Vault::default), account: place.key().into() },
    persistent,
    conditional
);
