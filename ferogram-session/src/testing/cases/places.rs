//! What every other case takes for granted.

use super::*;
use crate::testing::sample;

pub(in crate::testing) fn law_1_a_place_shares_nothing_with_others(suite: &Suite) {
    // Cases run at the same time: where they share a session each of them may
    // fail, now and then.
    for _ in 0..5 {
        let places = [Place::new(), Place::new()];
        let [first, second] = places.each_ref().map(|place| suite.make(place));
        ok(first.save(&sample::full()), "save");
        starts_empty(&*second, "in a new place, after a save in another");
        ok(second.save(&sample::other()), "save in another place");
        if let Err(difference) = compare(Some(&sample::full()), first.load()) {
            panic!("after a save in another place: {difference}{HELP}{PLACES}");
        }
    }
}
