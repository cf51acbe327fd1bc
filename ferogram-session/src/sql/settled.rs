//! Which logins are known to be on the disk.

use crate::mode::Version;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Of each session the version, as this store wrote it, in which its login is
/// known to survive a power cut. In any other one it may be there by a writer
/// that ended before it was synced: then whoever says it again has to see to
/// that.
#[derive(Default)]
pub(super) struct Settled(Mutex<HashMap<String, Version>>);

impl Settled {
    pub(super) fn is(&self, key: &str, version: &Version) -> bool {
        self.versions().get(key) == Some(version)
    }

    pub(super) fn put(&self, key: &str, version: Version) {
        self.versions().insert(key.to_owned(), version);
    }

    /// From now on nothing is known.
    pub(super) fn take(&self, key: &str) -> Option<Version> {
        self.versions().remove(key)
    }

    // Nothing panics while it is held.
    fn versions(&self) -> MutexGuard<'_, HashMap<String, Version>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
