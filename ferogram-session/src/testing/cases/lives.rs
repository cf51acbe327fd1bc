//! Law 8: a backend outlives what it was made in, and what goes wrong around
//! it.

use super::contexts::{CONTEXTS, every_method, in_worker, multi_thread};
use super::*;
use crate::testing::sample::{self, user};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};

pub(in crate::testing) fn law_8_made_in_one_context_and_dropped_in_another(suite: &Suite) {
    for (made, make_in) in CONTEXTS {
        for (dropped, drop_in) in CONTEXTS {
            let slot = Arc::new(Mutex::new(None));
            let (suite, filled) = (suite.clone(), Arc::clone(&slot));
            let place = Place::new();
            make_in(Box::new(move || {
                let backend = suite.make(&place);
                ok(backend.save(&sample::full()), "save");
                *filled.lock().expect("nobody panicked") = Some((backend, place));
            }));
            drop_in(Box::new(move || {
                let (backend, _place) =
                    slot.lock().expect("nobody panicked").take().expect("just filled");
                let when = format!("made in {made}, used in {dropped}");
                holds(&*backend, &sample::full(), &when);
                ok(backend.set_home_dc(1), &when);
                drop(backend);
            }));
        }
    }
}

pub(in crate::testing) fn law_8_used_after_its_runtime_ended(suite: &Suite) {
    let (send, receive) = mpsc::channel();
    let (owned, place) = (suite.clone(), Place::new());
    let inside = place.clone();
    in_worker(Box::new(move || {
        let backend = owned.make(&inside);
        every_method(&*backend);
        let _ = send.send(backend);
    }));
    let backend = receive.recv().expect("just sent");
    every_method(&*backend);
    in_worker(Box::new(move || every_method(&*backend)));
}

/// Unwinds without the message of a panic, which would look like a failure.
fn unwind() {
    resume_unwind(Box::new("on purpose"));
}

pub(in crate::testing) fn law_8_a_panic_of_a_user_poisons_nothing(suite: &Suite) {
    let place = Place::new();
    let backend = saved(suite, &place, &sample::full());
    in_threads(4, |thread| {
        let unwound = catch_unwind(AssertUnwindSafe(|| {
            ok(backend.cache_peer(&user(thread as i64, 5)), "cache_peer");
            if thread % 2 == 0 {
                unwind();
            }
        }));
        assert_eq!(unwound.is_err(), thread % 2 == 0);
        ok(backend.cache_peer(&user(10 + thread as i64, 5)), "cache_peer after a panic");
    });
    ok(backend.load(), "load after a panic");
    every_method(&*backend);
}

pub(in crate::testing) fn law_8_calls_while_a_thread_unwinds(suite: &Suite) {
    struct AtTheEnd<'a>(&'a dyn SessionBackend);

    // As a client does that saves when it is dropped.
    impl Drop for AtTheEnd<'_> {
        fn drop(&mut self) {
            let saved = self.0.save(&sample::other());
            let applied = self.0.apply_update_state(primary(3));
            let loaded = self.0.load();
            // A panic here would end the process.
            if saved.is_err() || applied.is_err() || loaded.is_err() {
                let _ = self.0.delete();
            }
        }
    }

    let place = Place::new();
    let backend = saved(suite, &place, &sample::full());
    let unwound = catch_unwind(AssertUnwindSafe(|| {
        let _end = AtTheEnd(&*backend);
        unwind();
    }));
    assert!(unwound.is_err());
    let mut reference = Reference::holding(&sample::other());
    reference.call(&Call::Update(primary(3)));
    let expected = reference.stored().expect("just called");
    holds(&*backend, expected, "after calls while a thread unwound");
    every_method(&*backend);
}

pub(in crate::testing) fn law_8_a_cancelled_task_leaves_it_usable(suite: &Suite) {
    let place = Place::new();
    let backend = Arc::new(saved(suite, &place, &sample::full()));
    let runtime = multi_thread();
    let ended = Arc::new(AtomicBool::new(false));
    let (begun, wait) = mpsc::channel();
    let (inside, seen) = (Arc::clone(&backend), Arc::clone(&ended));
    let task = runtime.spawn_blocking(move || {
        // Its runtime ends in the middle; the calls go on.
        for pts in 1.. {
            let last = seen.load(Ordering::Relaxed);
            let result = inside.apply_update_state(channel_pts(1_000, pts));
            let _ = begun.send(result.map(|()| pts));
            if last {
                return;
            }
        }
    });
    ok(wait.recv().expect("it has begun"), "the first call");
    task.abort();
    runtime.shutdown_background();
    ended.store(true, Ordering::Relaxed);
    ok(backend.cache_peer(&user(4711, 5)), "cache_peer");
    let mut last = 0;
    for result in wait {
        last = ok(result, "a call whose runtime ended");
    }
    let found = ok(backend.load(), "load").expect("saved");
    assert_eq!(found.updates_state.channel_pts(1_000), last, "a call whose runtime ended is lost");
    assert!(found.peers.contains(&user(4711, 5)), "a call beside it is lost");
}
