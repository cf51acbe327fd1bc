use super::*;
use crate::results::Cost;

const COUNTERS: &str = "sqlite/pts, date, seq";
const ROW: &str = "floor/sqlite: change the row of a session";
const LOCK: &str = "floor/sqlite: the lock of a call";

fn measured(results: &mut Results, side: Side, name: &str, size: usize, nanoseconds: f64) {
    let cost = Cost { nanoseconds, bytes: 0, writes: 0 };
    results.time(side, Place::Memory, (name, size), cost);
}

/// A call at 1,000 peers, and its two parts, of which one takes nothing.
fn call(released: f64, ours: f64, part: f64) -> Results {
    let mut results = Results::default();
    measured(&mut results, Side::Released, COUNTERS, 1_000, released);
    measured(&mut results, Side::Ours, COUNTERS, 1_000, ours);
    measured(&mut results, Side::Ours, ROW, 1_000, part);
    measured(&mut results, Side::Ours, LOCK, 1_000, 0.0);
    results
}

fn reason(results: &Results, bar: f64) -> Option<Reason> {
    of_factor(results, Place::Memory, COUNTERS, 1_000, bar)
}

#[test]
fn a_part_costs_no_more_than_at_any_larger_size() {
    let mut results = call(100.0, 100.0, 90.0);
    for (size, nanoseconds) in [(0, 10.0), (20_000, 80.0), (BEYOND, 85.0)] {
        measured(&mut results, Side::Ours, ROW, size, nanoseconds);
    }
    let part = |size| cost_of_part(&results, "sqlite: change the row of a session", size);
    let all = [0, 1_000, 20_000, 60_000, BEYOND].map(part);
    assert_eq!(all, [10.0, 80.0, 80.0, 85.0, 85.0].map(Some));
    assert_eq!(cost_of_part(&results, "copy a session", 0), None);
    // And so does what a reason makes of it.
    assert_eq!(reason(&results, 2.0).and_then(|reason| reason.out_of_reach), Some((50.0, 80.0)));
}

fn far(released: f64, ours: f64, part: f64) -> Option<(f64, f64)> {
    reason(&call(released, ours, part), 2.0).expect("has a reason").out_of_reach
}

#[test]
fn only_clearly_longer_parts_put_a_bar_out_of_reach() {
    assert_eq!(far(200.0, 130.0, 112.0), Some((100.0, 112.0)));
    // Longer than what is left, but within what two measurements differ by.
    assert_eq!(far(200.0, 130.0, 110.0), None);
    assert_eq!(far(200.0, 130.0, 90.0), None);
}

/// Of our own design, they may cost more than all that 0.6.6 does.
#[test]
fn parts_that_take_longer_than_all_of_the_other_are_preferred() {
    assert_eq!(far(120.0, 130.0, 119.0), Some((60.0, 119.0)));
    assert_eq!(far(120.0, 130.0, 120.0), None);
    assert_eq!(far(100.0, 130.0, 112.0), None);
}

#[test]
fn a_part_that_was_disturbed_counts_as_the_call() {
    assert_eq!(far(200.0, 128.0, 129.0), Some((100.0, 128.0)));
    assert_eq!(far(200.0, 128.0, 160.0), Some((100.0, 128.0)));
    assert_eq!(far(200.0, 128.0, 160.1), None);
    // What counts is compared with the bar and with 0.6.6.
    assert_eq!(far(222.0, 120.0, 150.0), None);
    assert_eq!(far(150.0, 128.0, 155.0), Some((75.0, 128.0)));
}

#[test]
fn a_reason_explains_a_call_up_to_its_ceiling() {
    let within = reason(&call(200.0, 209.0, 100.0), 2.0).expect("has a reason");
    assert_eq!((within.takes, within.at_most), (209.0, 210.0));
    assert!(reason(&call(200.0, 211.0, 100.0), 2.0).is_none());
    // Without its parts there is no ceiling.
    let mut results = Results::default();
    measured(&mut results, Side::Released, COUNTERS, 1_000, 200.0);
    measured(&mut results, Side::Ours, COUNTERS, 1_000, 159.0);
    assert!(reason(&results, 2.0).is_none());
}

#[test]
fn a_start_follows_the_same_rules() {
    let start = |parts, takes| {
        let mut results = Results::default();
        let part = "floor/in a new process: read the file, fill a session";
        measured(&mut results, Side::Ours, part, BEYOND, parts);
        of_start(&results, BEYOND, takes, 5e6).map(|reason| reason.out_of_reach.is_some())
    };
    assert_eq!(start(2.7e6, 5.5e6), None);
    assert_eq!(start(4.3e6, 5.5e6), Some(false));
    assert_eq!(start(5.4e6, 5.6e6), Some(false));
    assert_eq!(start(5.6e6, 5.7e6), Some(true));
    assert_eq!(start(5.8e6, 5.7e6), Some(true));
    assert_eq!(start(4.8e6, 9.7e6), None);
}

#[test]
fn what_is_no_factor_has_a_ceiling_too() {
    let name = "memory: a peer";
    let reason = of_other(name, 300.0, 1.5).expect("has a reason");
    assert_eq!((reason.takes, reason.at_most), (300.0, 400.0));
    assert!(of_other(name, 500.0, 2.1).is_none());
    assert!(of_other("memory: another call", 300.0, 1.5).is_none());
}

#[test]
fn a_call_beyond_its_ceiling_is_slower_without_a_reason() {
    let most = |place, name, size| {
        let mut most = (1..2_000).map(|tenth| f64::from(tenth) / 10.0);
        most.rfind(|times| slower(place, name, size, *times, f64::INFINITY).is_some())
    };
    let first = "file/first save";
    for (size, ceiling) in [(0, 10.4), (1_000, 10.4), (20_000, 5.4), (60_000, 5.4)] {
        assert_eq!(most(Place::Memory, first, size), Some(ceiling), "{size}");
    }
    assert_eq!(most(Place::Disk, first, 1_000), Some(50.0));
    assert_eq!(most(Place::Disk, first, 20_000), Some(15.0));
    assert_eq!(most(Place::Memory, "string/pts, date, seq", 0), None);
    // Where 0.6.6 does next to nothing it is what is added.
    let added =
        |more| slower(Place::Memory, "memory/a peer", 0, 12.0, more).map(|(_, reach)| reach);
    assert_eq!(added(115.0), Some(Reach::More(115.0)));
    assert_eq!(added(116.0), None);
}
