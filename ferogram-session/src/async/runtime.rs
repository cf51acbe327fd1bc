//! One runtime for the process, and a `block_on` that works from anywhere.

use crate::error::SessionError;
use crate::sync::deadline_after;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};

/// One worker, which drives sockets and timers. Never dropped: dropping a
/// runtime inside another one panics. The calling thread polls the future.
static RUNTIME: OnceLock<Runtime> = OnceLock::new();

/// The runtime. What keeps it from starting (no threads or files left) is not
/// remembered: the next call tries again.
fn runtime() -> io::Result<&'static Runtime> {
    static STARTING: Mutex<()> = Mutex::new(());
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let _one_at_a_time = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    // tokio panics where no thread can be made, so one is made first.
    thread::Builder::new().spawn(|| {})?.join().map_err(|_| io::ErrorKind::Other)?;
    let build = || {
        Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("ferogram-session")
            .enable_all()
            .build()
    };
    let built = std::panic::catch_unwind(build)
        .map_err(|_| io::Error::other("its thread could not be started"))??;
    Ok(RUNTIME.get_or_init(|| built))
}

/// Runs `future` to its end on the calling thread, wherever that is: within
/// another runtime too, where tokio's own `block_on` would panic. The call of
/// which this is a part ends after `time`.
pub(super) fn block_on<T>(
    time: Duration,
    future: impl Future<Output = io::Result<T>>,
) -> io::Result<T> {
    let runtime = runtime().map_err(|error| {
        SessionError::unavailable(format!("the runtime for async stores did not start: {error}"))
            .with_kind(error.kind())
    })?;
    let _entered = runtime.enter();
    // On a tokio worker the budget of the outer task may be used up; without
    // `unconstrained` every resource would then say "not yet" for ever.
    match wait_for(tokio::task::unconstrained(future), deadline_after(time)) {
        Some(result) => result,
        None => Err(SessionError::timed_out(format!(
            "the store did not answer within {time:?}"
        ))
        .help("whether a write took effect is unknown until the next read; see that the store can be reached, and that its client was opened inside the call")
        .into()),
    }
}

/// Wakes one `block_on`. Not `thread::park`: a wake-up that the caller of ours
/// waits for, further up the stack, must not be taken away.
#[derive(Default)]
struct Signal {
    woken: Mutex<bool>,
    changed: Condvar,
}

impl Signal {
    /// Waits to be woken; false once the deadline has passed.
    fn wait(&self, deadline: Instant) -> bool {
        let mut woken = self.woken.lock().unwrap_or_else(PoisonError::into_inner);
        while !*woken {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let waited = self.changed.wait_timeout(woken, left);
            woken = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        *woken = false;
        true
    }
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        *self.woken.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_one();
    }
}

/// Polls to the end, or until the deadline: kept by this thread itself, since
/// a call may come from the very worker that drives the timers.
fn wait_for<F: Future>(future: F, deadline: Instant) -> Option<F::Output> {
    let signal = Arc::new(Signal::default());
    let waker = Waker::from(Arc::clone(&signal));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Some(output);
        }
        if !signal.wait(deadline) {
            return None;
        }
    }
}
