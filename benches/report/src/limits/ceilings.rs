//! No ceiling is further above what the committed results.md shows than is said of
//! it: what may take ten times as long explains nothing.

use super::slower::{self, FEW};
use super::{Reason, calls, cost_of_part};
use crate::bars::Check;
use crate::programs::SIZES;
use crate::results::{Place, Results, Side};
use crate::shown::shown;

const PLACES: [Place; 2] = [Place::Memory, Place::Disk];
/// What is next to nothing in one run is this in another.
const NOTHING: f64 = 1.33;

/// So far apart are two processors, one of which makes little of a system call.
fn above(place: Place) -> f64 {
    match place {
        Place::Memory => 4.0,
        Place::Disk => 6.0,
    }
}

#[test]
fn what_misses_a_bar_is_explained_up_to_four_times_of_what_is_shown() {
    let results = shown();
    let mut wrong = Vec::new();
    for place in PLACES {
        for limit in calls::of(place) {
            let of_each = |size| {
                let parts = limit.parts.iter().map(|part| cost_of_part(&results, part, size));
                Some((size, parts.sum::<Option<f64>>()?))
            };
            let sizes: Vec<(usize, f64)> = SIZES.into_iter().filter_map(of_each).collect();
            assert_eq!(sizes.len(), SIZES.len(), "{:?}", limit.parts);
            for (name, (size, parts)) in
                limit.calls.iter().flat_map(|name| sizes.iter().map(move |size| (name, *size)))
            {
                let Some(most) = limit.most(name, size) else { continue };
                // Not every call is made on a disk.
                let Some(cost) = results.cost(Side::Ours, place, name, size) else { continue };
                let times = most.nanoseconds(parts) / cost.nanoseconds;
                if times > above(Place::Memory) {
                    wrong.push(format!("{place:?}, {name}, {size} peers: {times:.2}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_slower_is_explained_up_to_so_many_times_of_what_is_shown() {
    let results = shown();
    let mut wrong = Vec::new();
    for place in PLACES {
        for (name, few, many) in slower::of(place).iter().flat_map(|(calls, _)| *calls) {
            for (most, is_of, peers) in [(few, true, "few"), (many, false, "many")] {
                let sizes = SIZES.into_iter().filter(|size| (*size <= FEW) == is_of);
                let shown = slowest(&results, place, name, sizes).expect(name);
                if *most > above(place) * shown.max(NOTHING) {
                    wrong.push(format!("{place:?}, {name}, {peers}: {most} of {shown:.2}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_added_is_explained_up_to_so_many_times_of_what_is_shown() {
    let results = shown();
    for (name, most) in slower::added(Place::Memory).iter().flat_map(|(calls, _)| *calls) {
        let cost = |side, size| results.cost(side, Place::Memory, name, size);
        let more = SIZES.into_iter().filter_map(|size| {
            Some(cost(Side::Ours, size)?.nanoseconds - cost(Side::Released, size)?.nanoseconds)
        });
        let more = more.fold(0.0, f64::max);
        assert!(more > 0.0 && *most <= above(Place::Memory) * more, "{name}: {most} of {more}");
    }
}

/// Starts and growth among them, which are no factors.
#[test]
fn whatever_is_missed_in_what_is_shown_has_a_ceiling_near_by() {
    let checks = crate::bars::check(&shown(), &[], &[]);
    let missed = checks.iter().filter_map(|check| Some((check, check.limit?)));
    let of = |(check, limit): (&Check, Reason)| (check.what.clone(), limit.at_most / limit.takes);
    let times: Vec<(String, f64)> = missed.map(of).collect();
    assert!(times.len() > 50, "{times:#?}");
    assert!(times.iter().all(|(_, times)| *times <= above(Place::Memory)), "{times:#?}");
}

/// How many times as long as that of 0.6.6 it takes.
fn slowest(
    results: &Results,
    place: Place,
    name: &str,
    sizes: impl Iterator<Item = usize>,
) -> Option<f64> {
    let factors = sizes.filter_map(|size| results.factor(place, name, size));
    factors.reduce(f64::min).map(|factor| 1.0 / factor)
}
