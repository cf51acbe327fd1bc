//! Law 2: what was saved is loaded, and nothing is there when nothing was.

use super::*;
use crate::testing::sample;

pub(in crate::testing) fn law_2_nothing_before_the_first_save(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    starts_empty(&*backend, "before the first save");
    holds_nothing(&*backend, "when asked again");
}

pub(in crate::testing) fn law_2_save_and_load(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    save_and_check(&*backend, &sample::full(), "after the first save");
    holds(&*backend, &sample::full(), "when loaded again");
}

pub(in crate::testing) fn law_2_save_overwrites(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    // Records come, go and change; nothing of the one before stays.
    for round in 0..3 {
        save_and_check(&*backend, &sample::full(), &format!("in round {round}"));
        save_and_check(&*backend, &sample::other(), &format!("in round {round}, the other"));
    }
}

pub(in crate::testing) fn law_2_save_twice(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    for _ in 0..3 {
        ok(backend.save(&sample::full()), "save");
    }
    holds(&*backend, &sample::full(), "after three equal saves");
    // Without a load in between: whatever is remembered is from the saves.
    ok(backend.save(&sample::other()), "save");
    ok(backend.save(&sample::full()), "save");
    ok(backend.save(&sample::full()), "save");
    holds(&*backend, &sample::full(), "after there and back");
}

pub(in crate::testing) fn law_2_nothing_after_delete(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    for session in [sample::full(), PersistedSession::default(), sample::with_peers(3_000)] {
        ok(backend.save(&session), "save");
        ok(backend.delete(), "delete");
        holds_nothing(&*backend, "after delete");
    }
}

pub(in crate::testing) fn law_2_delete_of_nothing(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    ok(backend.delete(), "delete before the first save");
    holds_nothing(&*backend, "after delete of nothing");
    ok(backend.save(&sample::full()), "save");
    ok(backend.delete(), "delete");
    ok(backend.delete(), "delete, a second time");
    holds_nothing(&*backend, "after two deletes");
    save_and_check(&*backend, &sample::other(), "after two deletes and a save");
}

pub(in crate::testing) fn law_2_save_after_delete(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    for round in 0..3 {
        save_and_check(&*backend, &sample::full(), &format!("in round {round}"));
        ok(backend.delete(), "delete");
        // Much less than before, and none of it may come back.
        let small = PersistedSession { home_dc_id: 1, ..PersistedSession::default() };
        save_and_check(&*backend, &small, &format!("in round {round}, after delete"));
        ok(backend.delete(), "delete");
        // The same as before the delete: it is not there any more.
        save_and_check(&*backend, &small, &format!("in round {round}, the same after delete"));
    }
}

pub(in crate::testing) fn law_2_an_empty_session_is_a_session(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    save_and_check(&*backend, &PersistedSession::default(), "after a save of the default session");
    ok(backend.delete(), "delete");
    holds_nothing(&*backend, "after delete of the default session");
}

pub(in crate::testing) fn law_2_a_session_can_become_empty(suite: &Suite) {
    let place = Place::new();
    let backend = saved(suite, &place, &sample::full());
    save_and_check(&*backend, &PersistedSession::default(), "after everything was taken away");
    save_and_check(&*backend, &sample::full(), "after everything came back");
}

pub(in crate::testing) fn law_2_made_again(suite: &Suite) {
    let place = Place::new();
    starts_empty(&*suite.make(&place), "made for the first time");
    holds_nothing(&*suite.make(&place), "made for the second time");
    drop(saved(suite, &place, &sample::full()));
    holds(&*suite.make(&place), &sample::full(), "made again after a save");
    drop(saved(suite, &place, &sample::other()));
    holds(&*suite.make(&place), &sample::other(), "made again after another save");

    ok(suite.make(&place).delete(), "delete");
    holds_nothing(&*suite.make(&place), "made again after delete");
    drop(saved(suite, &place, &PersistedSession::default()));
    holds(&*suite.make(&place), &PersistedSession::default(), "made again after an empty save");
}
