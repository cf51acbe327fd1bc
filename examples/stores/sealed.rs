//! Encryption at rest, for any blob store.

use chacha20poly1305::aead::{Aead, Generate, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ferogram_session::{BlobStore, Expect, SessionError, Version, Written};
use std::fmt;
use std::io;

const NONCE: usize = 24;

/// A blob store that encrypts what another one keeps.
///
/// Each value is a fresh nonce and the sealed session. The session's key is
/// sealed in with it, so a value that was moved to another session does not
/// open there. (An old value of the same session, put back, does.)
pub struct Sealed<S> {
    store: S,
    cipher: XChaCha20Poly1305,
}

impl<S> Sealed<S> {
    /// Over `store`, with a key that is kept somewhere else than it.
    pub fn new(store: S, key: &[u8; 32]) -> Self {
        Self { store, cipher: XChaCha20Poly1305::new(key.into()) }
    }

    fn open(&self, key: &str, sealed: &[u8]) -> io::Result<Vec<u8>> {
        let opened = sealed.split_first_chunk::<NONCE>().and_then(|(nonce, msg)| {
            let payload = Payload { msg, aad: key.as_bytes() };
            self.cipher.decrypt(&XNonce::from(*nonce), payload).ok()
        });
        // Never "no session": the client would begin a new login over it.
        let wrong = || {
            SessionError::corrupt("the value does not open with this encryption key")
                .help("use the key that it was written with, or restore a backup")
        };
        Ok(opened.ok_or_else(wrong)?)
    }

    fn seal(&self, key: &str, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let nonce = XNonce::try_generate().map_err(io::Error::other)?;
        let payload = Payload { msg: bytes, aad: key.as_bytes() };
        let sealed = self.cipher.encrypt(&nonce, payload);
        let sealed = sealed.map_err(|_| io::Error::other("the session could not be encrypted"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }
}

/// Versions, conditions and names are the other store's: only values change.
impl<S: BlobStore> BlobStore for Sealed<S> {
    fn read(&self, key: &str) -> io::Result<Option<(Vec<u8>, Version)>> {
        let Some((sealed, version)) = self.store.read(key)? else { return Ok(None) };
        Ok(Some((self.open(key, &sealed)?, version)))
    }

    fn write(&self, key: &str, bytes: &[u8], expect: &Expect) -> io::Result<Written> {
        self.store.write(key, &self.seal(key, bytes)?, expect)
    }

    fn delete(&self, key: &str) -> io::Result<()> {
        self.store.delete(key)
    }

    fn conditional(&self) -> bool {
        self.store.conditional()
    }

    fn version(&self, key: &str) -> io::Result<Option<Version>> {
        self.store.version(key)
    }

    fn sessions(&self) -> io::Result<Vec<String>> {
        self.store.sessions()
    }
}

impl<S: fmt::Debug> fmt::Debug for Sealed<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sealed").field(&self.store).finish()
    }
}
