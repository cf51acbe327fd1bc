use super::{Capability, Place};
use crate::SessionBackend;
use std::cell::Cell;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

type Make = dyn Fn(&Place) -> Handle + Send + Sync;
type Damage = dyn Fn(&Place) + Send + Sync;

/// A backend under test: how it is made, and what it promises.
#[derive(Clone)]
pub struct Suite {
    make: Arc<Make>,
    damage: Option<Arc<Damage>>,
    capabilities: Vec<Capability>,
    limit: Duration,
    pub(super) test: Option<&'static str>,
}

impl Suite {
    /// A suite over the backends that `make` makes, which promise nothing
    /// beyond what every backend does.
    pub fn new<B: SessionBackend + 'static>(
        make: impl Fn(&Place) -> B + Send + Sync + 'static,
    ) -> Self {
        Self::of_handles(move |place| Handle::new(make(place)))
    }

    /// The same, over handles, which may show the backend's `Debug`.
    pub fn of_handles(make: impl Fn(&Place) -> Handle + Send + Sync + 'static) -> Self {
        Self {
            make: Arc::new(make),
            damage: None,
            capabilities: Vec::new(),
            limit: limit_from_environment(),
            test: None,
        }
    }

    /// Declares a capability. For `DetectsDamage` there is
    /// [`detects_damage`](Self::detects_damage), which says how to do damage.
    #[must_use]
    pub fn with(mut self, capability: Capability) -> Self {
        if !self.has(capability) {
            self.capabilities.push(capability);
        }
        self
    }

    /// Declares that damage is detected; `damage` alters what is stored, so
    /// that `load` must fail.
    #[must_use]
    pub fn detects_damage(mut self, damage: impl Fn(&Place) + Send + Sync + 'static) -> Self {
        self.damage = Some(Arc::new(damage));
        self.with(Capability::DetectsDamage)
    }

    /// After how long a case counts as hung.
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Whether the capability is declared.
    #[must_use]
    pub fn has(&self, capability: Capability) -> bool {
        self.capabilities.contains(&capability)
    }

    pub(super) fn time_limit(&self) -> Duration {
        self.limit
    }

    pub(super) fn make(&self, place: &Place) -> Handle {
        (self.make)(place)
    }

    /// `count` handles on one session where a second one finds it, else one.
    pub(super) fn make_several(&self, place: &Place, count: usize) -> Vec<Handle> {
        let count = if self.has(Capability::Persistent) { count } else { 1 };
        (0..count).map(|_| self.make(place)).collect()
    }

    pub(super) fn damage(&self, place: &Place) {
        let damage = self.damage.as_ref().expect("only cases that need `detects_damage` do damage");
        damage(place);
    }
}

impl fmt::Debug for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Suite").field("capabilities", &self.capabilities).finish_non_exhaustive()
    }
}

fn limit_from_environment() -> Duration {
    let seconds = std::env::var("FEROGRAM_SESSION_CASE_SECONDS").ok();
    Duration::from_secs(seconds.and_then(|text| text.parse().ok()).unwrap_or(120))
}

/// A backend, and its `Debug` output where it has one.
pub struct Handle {
    backend: Arc<dyn SessionBackend>,
    debug: Option<Box<dyn Fn() -> String + Send + Sync>>,
}

impl Handle {
    /// A backend without `Debug`.
    pub fn new<B: SessionBackend + 'static>(backend: B) -> Self {
        Self { backend: Arc::new(backend), debug: None }
    }

    /// A backend with `Debug`, which law 9 is then checked on.
    pub fn with_debug<B: SessionBackend + fmt::Debug + 'static>(backend: B) -> Self {
        let backend = Arc::new(backend);
        let shown = Arc::clone(&backend);
        Self { backend, debug: Some(Box::new(move || format!("{shown:?}\n{shown:#?}"))) }
    }

    /// What `{:?}` and `{:#?}` show.
    pub(super) fn debug(&self) -> Option<String> {
        self.debug.as_ref().map(|debug| debug())
    }
}

impl Deref for Handle {
    type Target = dyn SessionBackend;

    fn deref(&self) -> &Self::Target {
        &*self.backend
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Handle").field(&self.backend.name()).finish()
    }
}

/// Finds out whether a backend has `Debug`: `(&Probe::new(backend)).handle()`
/// is [`Shown::handle`] where it has, and [`Plain::handle`], one reference
/// further away, where it has not.
#[doc(hidden)]
pub struct Probe<B>(Cell<Option<B>>);

impl<B> fmt::Debug for Probe<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Probe")
    }
}

impl<B> Probe<B> {
    pub fn new(backend: B) -> Self {
        Self(Cell::new(Some(backend)))
    }

    fn take(&self) -> B {
        self.0.take().expect("a probe is used once")
    }
}

#[doc(hidden)]
pub trait Shown {
    fn handle(&self) -> Handle;
}

impl<B: SessionBackend + fmt::Debug + 'static> Shown for Probe<B> {
    fn handle(&self) -> Handle {
        Handle::with_debug(self.take())
    }
}

#[doc(hidden)]
pub trait Plain {
    fn handle(&self) -> Handle;
}

impl<B: SessionBackend + 'static> Plain for &Probe<B> {
    fn handle(&self) -> Handle {
        Handle::new(self.take())
    }
}
