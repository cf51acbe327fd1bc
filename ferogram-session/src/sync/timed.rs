use super::locks::sync::{Condvar, Mutex, MutexGuard};
use std::ops::{Deref, DerefMut};
use std::sync::PoisonError;
use std::time::Instant;

/// A mutex that is waited for until a deadline, and that a panic of its
/// holder resets: what it guarded is then the default again.
#[derive(Default)]
pub(crate) struct Timed<T> {
    held: Mutex<Held>,
    free: Condvar,
    value: Mutex<T>,
}

#[derive(Default)]
struct Held {
    busy: bool,
    /// Nobody is woken if nobody waits: that would cost a system call.
    waiting: usize,
}

impl<T> Timed<T> {
    // Nothing in here panics while it is held, so what it guards is whole.
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Default> Timed<T> {
    pub(crate) const fn new(value: T) -> Self {
        let held = Mutex::new(Held { busy: false, waiting: 0 });
        Self { held, free: Condvar::new(), value: Mutex::new(value) }
    }

    /// `None` when the deadline has passed.
    pub(crate) fn lock(&self, deadline: Instant) -> Option<TimedGuard<'_, T>> {
        let mut held = self.held();
        while held.busy {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            held.waiting += 1;
            held = self.free.wait_timeout(held, left).unwrap_or_else(PoisonError::into_inner).0;
            held.waiting -= 1;
        }
        held.busy = true;
        drop(held);
        Some(self.guard())
    }

    /// `None` when somebody holds it.
    pub(crate) fn try_lock(&self) -> Option<TimedGuard<'_, T>> {
        self.lock(Instant::now())
    }

    /// To be called by whoever made it busy.
    fn guard(&self) -> TimedGuard<'_, T> {
        let value = self.value.lock().unwrap_or_else(|poisoned| {
            // Half a change may stand there: nothing known is better.
            let mut value = poisoned.into_inner();
            *value = T::default();
            self.value.clear_poison();
            value
        });
        TimedGuard { owner: self, value: Some(value) }
    }
}

/// Gives the lock back when dropped.
pub(crate) struct TimedGuard<'a, T> {
    owner: &'a Timed<T>,
    // Only taken in `drop`.
    value: Option<MutexGuard<'a, T>>,
}

impl<T> Deref for TimedGuard<'_, T> {
    type Target = T;

    #[expect(clippy::expect_used, reason = "the guard is there until drop")]
    fn deref(&self) -> &T {
        self.value.as_ref().expect("held until drop")
    }
}

impl<T> DerefMut for TimedGuard<'_, T> {
    #[expect(clippy::expect_used, reason = "the guard is there until drop")]
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect("held until drop")
    }
}

impl<T> Drop for TimedGuard<'_, T> {
    fn drop(&mut self) {
        // First the value, which a panic poisons here.
        self.value = None;
        let mut held = self.owner.held();
        held.busy = false;
        let wake = held.waiting > 0;
        drop(held);
        if wake {
            self.owner.free.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn soon() -> Instant {
        Instant::now() + Duration::from_secs(5)
    }

    #[test]
    fn waits_until_the_deadline_and_no_longer() {
        let lock = Timed::new(1);
        let held = lock.lock(soon());
        assert!(lock.lock(Instant::now() + Duration::from_millis(20)).is_none());
        drop(held);
        assert!(lock.lock(soon()).is_some());
    }

    #[test]
    fn whoever_waits_is_woken() {
        let lock = Timed::new(1);
        let minute = Duration::from_secs(60);
        let start = Instant::now();
        std::thread::scope(|scope| {
            let held = lock.lock(soon());
            scope.spawn(|| assert!(lock.lock(start + minute).is_some()));
            while lock.held().waiting == 0 {
                std::thread::yield_now();
            }
            drop(held);
        });
        assert!(start.elapsed() < minute, "woken by the clock alone");
    }

    #[test]
    fn a_panic_of_the_holder_resets_it() {
        let lock = Timed::new(1);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut held = lock.lock(soon()).unwrap();
            *held = 2;
            panic!("while holding the lock");
        }));
        assert!(panicked.is_err());
        assert_eq!(*lock.lock(soon()).unwrap(), 0);
    }
}
