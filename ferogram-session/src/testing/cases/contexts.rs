//! Law 8: every method works from everywhere.

use super::granular::one_of_each;
use super::*;
use crate::testing::sample;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinError, LocalSet, spawn, spawn_blocking, spawn_local};

/// What is done in a context.
pub(super) type Work = Box<dyn FnOnce() + Send>;

/// Does it there.
type Context = fn(Work);

/// The contexts in which code may run, by name.
pub(super) const CONTEXTS: [(&str, Context); 8] = [
    ("a plain thread", in_thread),
    ("a multi-thread worker", in_worker),
    ("a current-thread runtime", in_current_thread),
    ("a task of a current-thread runtime", in_current_thread_task),
    ("a local set", in_local_set),
    ("spawn_blocking", in_spawn_blocking),
    ("block_in_place", in_block_in_place),
    ("a task with a depleted budget", in_depleted_task),
];

pub(super) fn in_thread(work: Work) {
    if let Err(payload) = thread::spawn(work).join() {
        resume_unwind(payload);
    }
}

pub(super) fn in_worker(work: Work) {
    let joined = multi_thread().block_on(async { spawn(async { work() }).await });
    done(joined);
}

fn in_current_thread(work: Work) {
    current_thread().block_on(async { work() });
}

fn in_current_thread_task(work: Work) {
    let joined = current_thread().block_on(async { spawn(async { work() }).await });
    done(joined);
}

fn in_local_set(work: Work) {
    let local = LocalSet::new();
    let joined = current_thread().block_on(local.run_until(spawn_in(&local, work)));
    done(joined);
}

async fn spawn_in(_: &LocalSet, work: Work) -> Result<(), JoinError> {
    spawn_local(async { work() }).await
}

fn in_spawn_blocking(work: Work) {
    let joined = multi_thread().block_on(async { spawn_blocking(work).await });
    done(joined);
}

fn in_block_in_place(work: Work) {
    let task = async { spawn(async { tokio::task::block_in_place(work) }).await };
    done(multi_thread().block_on(task));
}

/// A task may do so much before tokio makes it wait, and every tokio socket
/// and channel asks first. In a call that waits for one, all of it would wait
/// for ever.
fn in_depleted_task(work: Work) {
    let mut work = Some(work);
    let task = poll_fn(move |context| {
        while pin!(tokio::task::consume_budget()).poll(context).is_ready() {}
        if let Some(work) = work.take() {
            work();
        }
        Poll::Ready(())
    });
    done(multi_thread().block_on(async { spawn(task).await }));
}

pub(super) fn multi_thread() -> Runtime {
    ok(Builder::new_multi_thread().worker_threads(2).enable_all().build(), "a runtime")
}

fn current_thread() -> Runtime {
    ok(Builder::new_current_thread().enable_all().build(), "a runtime")
}

fn done(joined: Result<(), JoinError>) {
    if let Err(error) = joined {
        match error.try_into_panic() {
            Ok(payload) => resume_unwind(payload),
            Err(error) => panic!("the task ended early: {error}"),
        }
    }
}

/// Every method, with a look at what it did.
pub(super) fn every_method(backend: &dyn SessionBackend) {
    assert!(!backend.name().is_empty(), "a backend has a name");
    ok(backend.delete(), "delete");
    holds_nothing(backend, "after delete");
    save_and_check(backend, &sample::full(), "after save");
    follow(backend, &mut Reference::holding(&sample::full()), &one_of_each());
    save_and_check(backend, &sample::other(), "after another save");
}

/// Makes a backend, calls every method and drops it, all in one context.
fn lives_in(suite: &Suite, context: Context) {
    let (suite, place) = (suite.clone(), Place::new());
    context(Box::new(move || {
        let backend = suite.make(&place);
        every_method(&*backend);
        drop(backend);
    }));
}

pub(in crate::testing) fn law_8_plain_threads(suite: &Suite) {
    lives_in(suite, in_thread);
}

pub(in crate::testing) fn law_8_a_multi_thread_worker(suite: &Suite) {
    lives_in(suite, in_worker);
}

pub(in crate::testing) fn law_8_a_current_thread_runtime(suite: &Suite) {
    lives_in(suite, in_current_thread);
}

pub(in crate::testing) fn law_8_a_task_of_a_current_thread_runtime(suite: &Suite) {
    lives_in(suite, in_current_thread_task);
}

pub(in crate::testing) fn law_8_a_local_set(suite: &Suite) {
    lives_in(suite, in_local_set);
}

pub(in crate::testing) fn law_8_spawn_blocking(suite: &Suite) {
    lives_in(suite, in_spawn_blocking);
}

pub(in crate::testing) fn law_8_block_in_place(suite: &Suite) {
    lives_in(suite, in_block_in_place);
}

pub(in crate::testing) fn law_8_a_depleted_budget(suite: &Suite) {
    lives_in(suite, in_depleted_task);
    // And a backend whose connection was opened elsewhere.
    let place = Place::new();
    let backend = suite.make(&place);
    every_method(&*backend);
    in_depleted_task(Box::new(move || every_method(&*backend)));
}

pub(in crate::testing) fn law_8_all_workers_at_once(suite: &Suite) {
    // No worker is free to do something for another: a backend that needs the
    // caller's runtime to go on waits for ever.
    let place = Place::new();
    let backend = std::sync::Arc::new(saved(suite, &place, &sample::full()));
    multi_thread().block_on(async {
        let tasks: Vec<_> = (0..6)
            .map(|id| {
                let backend = std::sync::Arc::clone(&backend);
                spawn(async move {
                    for pts in 0..5 {
                        ok(backend.apply_update_state(channel_pts(id, pts)), "apply_update_state");
                        ok(backend.cache_peer(&sample::user(id, 0)), "cache_peer");
                        ok(backend.load(), "load");
                    }
                })
            })
            .collect();
        for task in tasks {
            done(task.await);
        }
    });
    let found = ok(backend.load(), "load").expect("saved");
    assert!((0..6).all(|id| found.updates_state.channel_pts(id) == 4), "a task's calls are lost");
}
