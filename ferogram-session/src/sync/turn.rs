use std::collections::HashSet;
use std::sync::{Condvar, LazyLock, Mutex, PoisonError};
use std::time::Instant;

/// The keys of the sessions that a call in this process is working on.
struct Turns {
    taken: Mutex<HashSet<String>>,
    given_back: Condvar,
}

static TURNS: LazyLock<Turns> =
    LazyLock::new(|| Turns { taken: Mutex::default(), given_back: Condvar::new() });

/// The right to work on a session, of which there is one in the process: for
/// stores that cannot compare, where two handles would otherwise write over
/// each other's changes.
pub(crate) struct Turn(String);

impl Turn {
    /// `None` when the deadline has passed.
    pub(crate) fn take(key: &str, deadline: Instant) -> Option<Self> {
        let mut taken = TURNS.taken.lock().unwrap_or_else(PoisonError::into_inner);
        while taken.contains(key) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            let waited = TURNS.given_back.wait_timeout(taken, left);
            taken = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        taken.insert(key.to_owned());
        Some(Self(key.to_owned()))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        TURNS.taken.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
        TURNS.given_back.notify_all();
    }
}
