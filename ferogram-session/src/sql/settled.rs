//! Which logins are known to be on the disk.

use crate::mode::Version;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Of each session the version, as this store wrote it, in which its login is
/// known to survive a power cut. In any other one it may be there by a writer
/// that ended before it was synced: then whoever says it again has to see to
/// that.
#[derive(Default)]
pub(super) struct Settled(Mutex<BTreeMap<String, Version>>);

impl Settled {
    pub(super) fn is(&self, key: &str, version: &Version) -> bool {
        version.is_known() && self.versions().get(key) == Some(version)
    }

    pub(super) fn put(&self, key: &str, version: Version) {
        let mut versions = self.versions();
        match versions.get_mut(key) {
            Some(known) => *known = version,
            None => drop(versions.insert(key.to_owned(), version)),
        }
    }

    /// From now on nothing is known. (Its place stays: most writes put one there again.)
    pub(super) fn take(&self, key: &str) -> Option<Version> {
        let mut versions = self.versions();
        let known = versions.get_mut(key)?;
        Some(std::mem::replace(known, Version::UNKNOWN)).filter(Version::is_known)
    }

    /// There is no such session any more.
    pub(super) fn forget(&self, key: &str) {
        self.versions().remove(key);
    }

    // Nothing panics while it is held.
    fn versions(&self) -> MutexGuard<'_, BTreeMap<String, Version>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
