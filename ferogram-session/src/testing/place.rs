use crate::random;
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Once, OnceLock, PoisonError};

type Slots = HashMap<TypeId, Arc<OnceLock<Arc<dyn Any + Send + Sync>>>>;

/// Where one test keeps its things.
///
/// Two backends made in the same place are two handles on one session. Places
/// of different tests share nothing.
#[derive(Clone)]
pub struct Place {
    inner: Arc<Inner>,
    key: Arc<str>,
}

struct Inner {
    path: PathBuf,
    id: String,
    // Made when it is asked for: a case that hangs leaves its place behind.
    created: Once,
    owned: bool,
    slots: Mutex<Slots>,
}

impl Place {
    /// A place that nobody has used, with an empty directory.
    #[must_use]
    pub fn new() -> Self {
        let id = format!("t{:032x}", random::fresh());
        let path = std::env::temp_dir().join(format!("ferogram-session-{id}"));
        Self::from_parts(path, id, true)
    }

    /// The place of another process, which goes on owning it.
    pub(super) fn attach(path: PathBuf, id: String) -> Self {
        Self::from_parts(path, id, false)
    }

    fn from_parts(path: PathBuf, id: String, owned: bool) -> Self {
        let inner = Inner { path, id, created: Once::new(), owned, slots: Mutex::default() };
        Self { inner: Arc::new(inner), key: "default".into() }
    }

    /// A directory of its own, which is removed afterwards with all that is
    /// in it.
    #[must_use]
    pub fn dir(&self) -> &Path {
        let Inner { path, created, owned, .. } = &*self.inner;
        created.call_once(|| {
            if *owned {
                create_private(path);
            }
        });
        path
    }

    /// A name that no other place has, in this process or another: letters and
    /// digits, for a table prefix, a bucket or a key prefix on a server.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.inner.id
    }

    /// Which session: `default`, or what [`session`](Self::session) was given.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The same place, for another session in it.
    #[must_use]
    pub fn session(&self, key: &str) -> Self {
        Self { inner: Arc::clone(&self.inner), key: key.into() }
    }

    /// A value that all backends of this place share, made by the first that
    /// asks: for stores that live in this process. There is one of each type.
    /// Making one may ask for another.
    pub fn shared<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Arc<T> {
        let slot = {
            let mut slots = self.inner.slots.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(slots.entry(TypeId::of::<T>()).or_default())
        };
        let value = slot.get_or_init(|| Arc::new(make()));
        Arc::clone(value).downcast().expect("the slot is found by its type")
    }
}

impl Default for Place {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place").field("dir", &self.inner.path).field("key", &self.key).finish()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if self.owned && self.created.is_completed() {
            // A server that a test started may still write there; what cannot
            // be removed is no failure of the backend.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

fn create_private(dir: &Path) {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    if let Err(error) = builder.create(dir) {
        panic!("cannot create {}: {error}", dir.display());
    }
}
