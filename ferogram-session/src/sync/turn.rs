use super::locks::sync::{Condvar, Mutex};
use super::locks::thread_local;
use std::cell::RefCell;
use std::collections::HashSet;
#[cfg(not(all(test, shuttle)))]
use std::sync::LazyLock;
use std::sync::PoisonError;
use std::time::Instant;

/// The keys of the sessions that a call in this process is working on.
struct Turns {
    taken: Mutex<HashSet<String>>,
    given_back: Condvar,
}

impl Turns {
    fn new() -> Self {
        Self { taken: Mutex::default(), given_back: Condvar::new() }
    }
}

#[cfg(not(all(test, shuttle)))]
static TURNS: LazyLock<Turns> = LazyLock::new(Turns::new);

// One for each order that is tried.
#[cfg(all(test, shuttle))]
shuttle::lazy_static! {
    static ref TURNS: Turns = Turns::new();
}

/// The right to work on a session, of which there is one in the process: for
/// stores that cannot compare, where two handles would otherwise write over
/// each other's changes.
///
/// A thread that has a turn has it for the calls that it makes within, too: a
/// store may keep what it is given in another backend.
pub(crate) struct Turn {
    key: String,
    /// Whether an outer call of this thread had it already.
    borrowed: bool,
}

thread_local! {
    static MINE: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

impl Turn {
    /// `None` when the deadline has passed.
    pub(crate) fn take(key: &str, deadline: Instant) -> Option<Self> {
        let key = key.to_owned();
        if MINE.with(|mine| mine.borrow().contains(&key)) {
            return Some(Self { key, borrowed: true });
        }
        let mut taken = TURNS.taken.lock().unwrap_or_else(PoisonError::into_inner);
        while taken.contains(&key) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            let waited = TURNS.given_back.wait_timeout(taken, left);
            taken = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        taken.insert(key.clone());
        MINE.with(|mine| mine.borrow_mut().push(key.clone()));
        Some(Self { key, borrowed: false })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.borrowed {
            return;
        }
        MINE.with(|mine| mine.borrow_mut().retain(|key| *key != self.key));
        TURNS.taken.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
        TURNS.given_back.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_thread_has_it_for_calls_within_and_others_wait() {
        let soon = || Instant::now() + Duration::from_millis(20);
        let outer = Turn::take("turn test", soon()).unwrap();
        drop(Turn::take("turn test", soon()).unwrap());
        std::thread::scope(|scope| {
            scope.spawn(|| assert!(Turn::take("turn test", soon()).is_none()));
        });
        drop(outer);
        std::thread::scope(|scope| {
            scope.spawn(|| assert!(Turn::take("turn test", soon()).is_some()));
        });
    }
}
