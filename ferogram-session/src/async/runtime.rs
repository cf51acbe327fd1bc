//! One runtime for the process, and a `block_on` that works from anywhere.

use crate::error::SessionError;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::{Arc, Condvar, LazyLock, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// One worker, which drives sockets and timers. Never dropped: dropping a
/// runtime inside another one panics. The calling thread polls the future.
static RUNTIME: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
    Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("ferogram-session")
        .enable_all()
        .build()
});

/// Runs `future` to its end on the calling thread, wherever that is: within
/// another runtime too, where tokio's own `block_on` would panic.
pub(super) fn block_on<T>(
    deadline: Duration,
    future: impl Future<Output = io::Result<T>>,
) -> io::Result<T> {
    let runtime = RUNTIME.as_ref().map_err(|error| {
        SessionError::unavailable(format!("the runtime for async stores did not start: {error}"))
            .with_kind(error.kind())
    })?;
    let _entered = runtime.enter();
    // On a tokio worker the budget of the outer task may be used up; without
    // `unconstrained` every resource would then say "not yet" for ever.
    let bounded = tokio::task::unconstrained(tokio::time::timeout(deadline, future));
    match wait_for(bounded) {
        Ok(result) => result,
        Err(_) => Err(SessionError::timed_out(format!(
            "the store did not answer within {deadline:?}"
        ))
        .help("whether a write took effect is unknown until the next read; see that the store can be reached, and that its client was not opened on another runtime")
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
    fn wait(&self) {
        let mut woken = self.woken.lock().unwrap_or_else(PoisonError::into_inner);
        while !*woken {
            woken = self.changed.wait(woken).unwrap_or_else(PoisonError::into_inner);
        }
        *woken = false;
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

/// Polls to the end. The timeout around the future bounds the waiting.
fn wait_for<F: Future>(future: F) -> F::Output {
    let signal = Arc::new(Signal::default());
    let waker = Waker::from(Arc::clone(&signal));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => signal.wait(),
        }
    }
}
