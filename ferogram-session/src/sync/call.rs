//! One deadline for a call, whatever it waits for on its way: a lock, a
//! connection, other writers, one answer of a store after another.

use super::DEADLINE;
use super::locks::thread_local;
use std::cell::Cell;
use std::time::{Duration, Instant};

/// A call of a backend, for as long as it runs on this thread. A call within
/// another one is a part of it: a store may keep what it is given in another
/// backend.
pub(crate) struct Call {
    outer: Began,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Began {
    /// No call runs.
    Not,
    /// One runs, and has not waited for anything: the clock costs more than
    /// some calls.
    Unseen,
    At(Instant),
}

thread_local! {
    static CALL: Cell<Began> = const { Cell::new(Began::Not) };
}

#[cfg(feature = "testing")]
std::thread_local! {
    static COMPARES: Cell<Option<bool>> = const { Cell::new(None) };
}

impl Call {
    pub(crate) fn begin() -> Self {
        let outer = CALL.with(Cell::get);
        if outer == Began::Not {
            CALL.with(|call| call.set(Began::Unseen));
        }
        Self { outer }
    }

    /// Whether the store of this call compares: for the conformance suite,
    /// which sees the backend alone. A call within another one is the store's
    /// own affair.
    #[cfg(feature = "testing")]
    pub(crate) fn compares(&self, compares: bool) {
        if self.outer == Began::Not {
            COMPARES.set(Some(compares));
        }
    }
}

/// What the store of the last call on this thread said, if it was one of an
/// engine; and forgets it.
#[cfg(feature = "testing")]
pub(crate) fn last_compared() -> Option<bool> {
    COMPARES.take()
}

impl Drop for Call {
    fn drop(&mut self) {
        if self.outer == Began::Not {
            CALL.with(|call| call.set(Began::Not));
        }
    }
}

/// Until when the call on this thread waits; outside of one, from now on.
pub(crate) fn deadline() -> Instant {
    deadline_after(DEADLINE)
}

/// Until when a store waits that gives a call so much time, for one over a client
/// that blocks: however often the call asks the store, it has one deadline,
/// counted from what it waited for first, be that another call.
///
/// ```
/// use ferogram_session::deadline_after;
/// use std::net::{SocketAddr, TcpStream};
/// use std::time::{Duration, Instant};
///
/// fn connect(server: &SocketAddr) -> std::io::Result<TcpStream> {
///     let until = deadline_after(Duration::from_secs(10));
///     let left = until.saturating_duration_since(Instant::now());
///     if left.is_zero() {
///         return Err(std::io::ErrorKind::TimedOut.into());
///     }
///     TcpStream::connect_timeout(server, left)
/// }
/// ```
///
/// It is that of the call on this thread; outside of one the time counts from now
/// on. [`Blocking`](crate::Blocking) does this for async stores.
pub fn deadline_after(time: Duration) -> Instant {
    let began = match CALL.with(Cell::get) {
        Began::At(began) => began,
        Began::Unseen => {
            let now = Instant::now();
            CALL.with(|call| call.set(Began::At(now)));
            now
        }
        Began::Not => Instant::now(),
    };
    let time = shortened(time);
    began.checked_add(time).unwrap_or_else(|| began + FOREVER)
}

/// Ten years: what a deadline beyond the clock comes to.
const FOREVER: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

#[cfg(not(feature = "testing"))]
fn shortened(time: Duration) -> Duration {
    time
}

#[cfg(feature = "testing")]
use hurry::shortened;
#[cfg(feature = "testing")]
pub(crate) use hurry::within;

/// For tests of what happens at the deadline.
#[cfg(feature = "testing")]
mod hurry {
    use std::cell::Cell;
    use std::time::Duration;

    thread_local! {
        static AT_MOST: Cell<Duration> = const { Cell::new(Duration::MAX) };
    }

    /// Makes calls that wait no longer than `time`, on this thread.
    pub(crate) fn within<T>(time: Duration, calls: impl FnOnce() -> T) -> T {
        let _before = Before(AT_MOST.replace(time));
        calls()
    }

    /// Puts back what was, after a panic too.
    struct Before(Duration);

    impl Drop for Before {
        fn drop(&mut self) {
            AT_MOST.set(self.0);
        }
    }

    pub(super) fn shortened(time: Duration) -> Duration {
        time.min(AT_MOST.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "testing")]
    #[test]
    fn a_hurry_ends_with_its_calls_also_by_a_panic() {
        let left = || deadline().saturating_duration_since(Instant::now());
        let hurried = || {
            within(Duration::from_millis(5), || {
                assert!(left() <= Duration::from_millis(5));
                std::panic::resume_unwind(Box::new(""))
            })
        };
        assert!(std::panic::catch_unwind(hurried).is_err());
        assert!(left() > Duration::from_secs(20));
    }

    #[test]
    fn a_call_and_those_within_it_have_one_deadline() {
        let pause = || std::thread::sleep(Duration::from_millis(2));
        let outer = Call::begin();
        let first = deadline();
        pause();
        assert_eq!(deadline(), first);
        let inner = Call::begin();
        assert_eq!(deadline(), first);
        drop(inner);
        assert_eq!(deadline(), first);
        assert_eq!(deadline_after(Duration::ZERO), first - DEADLINE);
        std::thread::spawn(move || assert!(deadline() > first)).join().unwrap();
        drop(outer);
        assert!(deadline() > first);
        pause();
        // The clock starts with what is waited for first.
        let _next = Call::begin();
        pause();
        let asked = Instant::now();
        assert!(deadline() >= asked + DEADLINE);
        assert!(deadline_after(Duration::MAX) > asked + DEADLINE);
    }
}
