//! Law 7: damage is an error, never "no session", and nobody writes over it.

use super::granular::one_of_each;
use super::*;
use crate::SessionError;
use crate::testing::sample;

/// A place with a session in it that was then altered, and a handle from
/// before.
fn damaged(suite: &Suite) -> (Place, Handle) {
    let place = Place::new();
    let backend = saved(suite, &place, &sample::full());
    holds(&*backend, &sample::full(), "before the damage");
    suite.damage(&place);
    (place, backend)
}

#[track_caller]
fn still_damaged(backend: &dyn SessionBackend, when: &str) {
    match backend.load() {
        Err(error) => says_damage(&error, when),
        Ok(None) => panic!("{when}, load gave None: the client would log in anew"),
        Ok(Some(_)) => panic!("{when}, load gave a session"),
    }
}

/// Told from a store that is away for a while, and with a remedy.
#[track_caller]
fn says_damage(error: &io::Error, when: &str) {
    let text = error.to_string();
    assert!(!text.trim().is_empty(), "{when}, load failed without a word");
    assert!(
        error.kind() == io::ErrorKind::InvalidData,
        "{when}, the kind of the error is {:?} and not InvalidData: {text}",
        error.kind()
    );
    // Of a backend that is written by hand more is not known.
    if let Some(error) = SessionError::of(error) {
        assert!(
            matches!(error, SessionError::Corrupt(_)),
            "{when}, the error is not SessionError::Corrupt: {error:?}"
        );
        let help = error.details().help();
        assert!(help.is_some_and(|help| !help.is_empty()), "{when}, no remedy: {text}");
    }
}

pub(in crate::testing) fn law_7_damage_is_an_error_of_load(suite: &Suite) {
    let (place, backend) = damaged(suite);
    drop(backend);
    let again = suite.make(&place);
    still_damaged(&*again, "after damage");
    // Nobody mends it silently, or gives up on it.
    still_damaged(&*again, "when asked again");
    still_damaged(&*suite.make(&place), "made again after damage");
}

pub(in crate::testing) fn law_7_damage_is_an_error_under_an_open_handle(suite: &Suite) {
    let (_place, backend) = damaged(suite);
    still_damaged(&*backend, "after damage under an open handle");
    still_damaged(&*backend, "when asked again");
}

pub(in crate::testing) fn law_7_save_does_not_overwrite_damage(suite: &Suite) {
    for session in [sample::other(), sample::full(), PersistedSession::default()] {
        let (place, backend) = damaged(suite);
        drop(backend);
        let again = suite.make(&place);
        let saved = again.save(&session);
        still_damaged(&*suite.make(&place), "after a save onto damage");
        assert!(saved.is_err(), "save said Ok, and nothing can be loaded");
        // Having failed to read once, it must not take the place for empty.
        let saved = again.save(&session);
        still_damaged(&*suite.make(&place), "after a second save onto damage");
        assert!(saved.is_err(), "the second save said Ok, and nothing can be loaded");
    }
}

pub(in crate::testing) fn law_7_granular_calls_do_not_overwrite_damage(suite: &Suite) {
    // A call may return Ok where its own record can be stored without reading
    // the others; what was damaged stays so.
    for call in one_of_each() {
        let (place, backend) = damaged(suite);
        drop(backend);
        let again = suite.make(&place);
        for _ in 0..2 {
            let _ = call.make(&*again);
            still_damaged(&*suite.make(&place), &format!("after {call:?} onto damage"));
        }
        still_damaged(&*again, &format!("after {call:?} onto damage, through the same handle"));
    }
}

pub(in crate::testing) fn law_7_an_open_handle_loses_nothing_to_damage(suite: &Suite) {
    // A handle that remembers the whole session need not look before it
    // writes, and may so write the whole session anew. What it must not do is
    // take the place for empty.
    let mut next = sample::full();
    next.updates_state.pts += 1;
    let saves = [sample::full(), next].map(|session| Call::Save(Box::new(session)));
    for call in one_of_each().into_iter().chain(saves) {
        let (_place, backend) = damaged(suite);
        let _ = call.make(&*backend);
        if backend.load().is_ok() {
            let mut reference = Reference::holding(&sample::full());
            reference.call(&call);
            if let Err(difference) = compare(reference.stored(), backend.load()) {
                panic!("after damage and {call:?} through an open handle: {difference}");
            }
        }
    }
}

pub(in crate::testing) fn law_7_a_new_login_after_delete(suite: &Suite) {
    let (place, backend) = damaged(suite);
    drop(backend);
    // Whether damage can be deleted is the backend's choice; that it was is
    // not in doubt.
    let again = suite.make(&place);
    if again.delete().is_err() {
        still_damaged(&*again, "after a delete that failed");
    } else {
        holds_nothing(&*again, "after a delete of damage");
        save_and_check(&*again, &sample::other(), "after a delete of damage and a save");
    }
}
