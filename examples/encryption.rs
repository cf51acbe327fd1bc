//! Encryption at rest: a store around another store. The backend sees the
//! session, the folder sees sealed bytes.
//!
//! ```text
//! $ cargo run --example encryption --features encryption
//! alice: home dc 2, 1 auth key, pts 4711, 3 peers
//! 395 bytes, and 435 sealed
//! the auth key shows: plain true, sealed false
//! another key: encrypted: load session "alice": the value does not open with this encryption key; use the key that it was written with, or restore a backup
//! moved: encrypted: load session "bob": the value does not open with this encryption key; use the key that it was written with, or restore a backup
//! ```

use example_stores::sample::{in_short, login};
use example_stores::{Directory, Sealed};
use ferogram_session::{SessionBackend, file_name};
use std::path::Path;
use std::{fs, io};

#[derive(SessionBackend)]
#[session(blob(key = "{account}"))]
struct EncryptedBackend {
    #[session(store)]
    store: Sealed<Directory>,
    account: &'static str,
}

fn open(folder: &Path, key: [u8; 32], account: &'static str) -> EncryptedBackend {
    EncryptedBackend { store: Sealed::new(Directory(folder.to_owned()), &key), account }
}

fn main() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    // From a secret manager or the machine's key store, never from beside the data.
    let key = [7; 32];
    let path = |account| folder.path().join(file_name(account));
    let shown = |backend: EncryptedBackend| match backend.load() {
        Ok(session) => in_short(session.as_ref()),
        Err(error) => error.to_string(),
    };

    let session = login(3);
    open(folder.path(), key, "alice").save(&session)?;
    let (plain, sealed) = (session.to_bytes(), fs::read(path("alice"))?);
    println!("alice: {}", shown(open(folder.path(), key, "alice")));
    println!("{} bytes, and {} sealed", plain.len(), sealed.len());
    // The auth key of the sample is 256 times one byte.
    let shows = |bytes: &[u8]| bytes.windows(8).any(|window| window == [0x2A; 8]);
    println!("the auth key shows: plain {}, sealed {}", shows(&plain), shows(&sealed));
    println!("another key: {}", shown(open(folder.path(), [8; 32], "alice")));

    // A value that was moved does not open: the session's key is sealed in.
    fs::copy(path("alice"), path("bob"))?;
    println!("moved: {}", shown(open(folder.path(), key, "bob")));
    Ok(())
}
