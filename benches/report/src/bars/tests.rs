use super::*;
use crate::results::Cost;

const COUNTERS: &str = "file/pts, date, seq";
const UNCHANGED: &str = "sqlite/granular calls, nothing changed";
const SAVE: &str = "sqlite/save, 10 peers changed";

fn both(results: &mut Results, name: &str, [released, ours]: [u64; 2]) {
    for (side, bytes) in [(Side::Released, released), (Side::Ours, ours)] {
        let cost = Cost { nanoseconds: 1.0, bytes, writes: 1 };
        results.time(side, Place::Memory, (name, 20_000), cost);
    }
}

/// Of the checks, whether that of so many peers holds, and what it says of ours.
fn at(results: &Results, peers: &str, check: impl FnOnce(&mut Checks<'_>)) -> (bool, String) {
    let mut checks = Checks { results, list: Vec::new() };
    check(&mut checks);
    let found = checks.list.into_iter().find(|check| check.peers == peers).expect("a check");
    (found.holds, found.ours)
}

fn not_measured() -> (bool, String) {
    (false, "not measured".to_owned())
}

#[test]
fn a_bar_on_bytes_does_not_hold_where_none_were_counted() {
    let of = |bytes| {
        let mut results = Results::default();
        both(&mut results, COUNTERS, bytes);
        at(&results, "20,000", |checks| checks.writes(COUNTERS, 64))
    };
    assert_eq!(of([1_000, 18]), (true, "18 B".to_owned()));
    assert_eq!(of([1_000, 65]), (false, "65 B".to_owned()));
    assert_eq!(of([0, 18]), not_measured());
    assert_eq!(of([1_000, 0]), not_measured());
    assert_eq!(of([0, 0]), not_measured());
}

#[test]
fn nothing_is_written_only_where_a_save_was_seen_to_write() {
    let of = |save: Option<[u64; 2]>, bytes| {
        let mut results = Results::default();
        both(&mut results, UNCHANGED, bytes);
        if let Some(save) = save {
            both(&mut results, SAVE, save);
        }
        at(&results, "20,000", |checks| checks.writes(UNCHANGED, 0))
    };
    assert_eq!(of(Some([4_000, 50]), [0, 0]), (true, "0 B".to_owned()));
    assert_eq!(of(Some([4_000, 50]), [0, 1]), (false, "1 B".to_owned()));
    assert_eq!(of(Some([0, 0]), [0, 0]), not_measured());
    assert_eq!(of(None, [0, 0]), not_measured());
}

#[test]
fn a_day_and_what_is_held_are_more_than_nothing() {
    let day = |released: u64, ours: u64| {
        let mut results = Results::default();
        for (side, bytes) in [(Side::Released, released), (Side::Ours, ours)] {
            let printed = format!(
                "value\tday/file/minutes\t60000\t1440\nvalue\tday/file/bytes\t60000\t{bytes}"
            );
            assert_eq!(results.take(side, Place::Disk, &printed), Some(()));
        }
        at(&results, "60,000", |checks| checks.day("file", 10e6)).0
    };
    assert!(day(1_000, 100));
    assert!(!day(0, 100));
    assert!(!day(1_000, 0));
    let held = |session: u64, ours: u64| {
        let mut results = Results::default();
        let printed = format!(
            "value\theld/the session itself\t60000\t{session}\nvalue\theld/file\t60000\t{ours}"
        );
        assert_eq!(results.take(Side::Ours, Place::Memory, &printed), Some(()));
        at(&results, "62,000", |checks| checks.held("file")).0
    };
    assert!(held(100, 150));
    assert!(!held(100, 201));
    assert!(!held(100, 0));
    assert!(!held(0, 100));
}

#[test]
fn on_a_disk_a_save_has_a_row_and_a_reason_of_its_own() {
    let name = "file/save, 10 peers changed";
    let mut results = Results::default();
    for (place, released, ours) in [(Place::Memory, 900.0, 100.0), (Place::Disk, 80e3, 10.5e3)] {
        for (side, nanoseconds) in [(Side::Released, released), (Side::Ours, ours)] {
            let cost = Cost { nanoseconds, bytes: 1, writes: 1 };
            results.time(side, place, (name, 0), cost);
        }
    }
    let part = Cost { nanoseconds: 5e3, bytes: 1, writes: 1 };
    let floor = ("floor/file: the system calls of a change", 0);
    results.time(Side::Ours, Place::Memory, floor, part);
    let mut checks = Checks { results: &results, list: Vec::new() };
    for place in [Place::Memory, Place::Disk] {
        checks.faster_at(place, name, &[0], 8.0);
    }
    let said: Vec<_> = checks.list.iter().map(|check| (check.what.as_str(), check.holds)).collect();
    let disk = "file, on a disk: save, 10 peers changed";
    assert_eq!(said, [("file: save, 10 peers changed", true), (disk, false)]);
    let reason = checks.list.last().and_then(|check| check.limit).expect("has a reason");
    assert_eq!((reason.takes, reason.at_most), (10.5e3, 14e3));
    assert!(reason.out_of_reach.is_none());
}

#[test]
fn what_was_not_measured_does_not_hold() {
    let checks = check(&Results::default(), &[], &[]);
    assert!(!checks.is_empty());
    assert!(checks.iter().all(|check| !check.holds && check.limit.is_none()));
}

fn costs(results: &mut Results, side: Side, name: &str, all: &[f64]) {
    let sizes = SIZES.into_iter().chain([BEYOND]);
    for (size, &nanoseconds) in sizes.zip(all) {
        let cost = Cost { nanoseconds, bytes: 1, writes: 1 };
        results.time(side, Place::Memory, (name, size), cost);
    }
}

#[test]
fn bytes_are_counted_at_every_size_and_beyond_what_the_other_holds() {
    let mut results = Results::default();
    costs(&mut results, Side::Released, COUNTERS, &[1.0; 4]);
    costs(&mut results, Side::Ours, COUNTERS, &[1.0; 5]);
    let mut checks = Checks { results: &results, list: Vec::new() };
    checks.writes(COUNTERS, 64);
    let said: Vec<_> = checks.list.iter().map(|check| (&*check.peers, check.holds)).collect();
    let all = ["0", "1,000", "20,000", "60,000", "200,000"].map(|peers| (peers, true));
    assert_eq!(said, all);
}

#[test]
fn what_grows_between_any_two_sizes_is_not_flat() {
    let holds = |ours: [f64; 5]| {
        let mut results = Results::default();
        costs(&mut results, Side::Released, COUNTERS, &[1.0; 4]);
        costs(&mut results, Side::Ours, COUNTERS, &ours);
        at(&results, "0 to 200,000", |checks| checks.flat(COUNTERS))
    };
    let grows = |by: &str| format!("grows {by} x");
    assert_eq!(holds([10.0, 9.0, 11.0, 12.0, 18.0]), (true, grows("2.00")));
    // Three times as long, which a disturbed measurement of the empty session would hide.
    assert_eq!(holds([30.0, 10.0, 11.0, 20.0, 30.0]), (false, grows("3.00")));
    assert_eq!(holds([10.0, 30.0, 11.0, 12.0, 10.0]), (false, grows("3.00")));
    // That one alone is no growth.
    assert_eq!(holds([30.0, 10.0, 11.0, 12.0, 13.0]), (true, grows("1.30")));
    let mut results = Results::default();
    costs(&mut results, Side::Released, COUNTERS, &[1.0; 4]);
    costs(&mut results, Side::Ours, COUNTERS, &[1.0; 4]);
    assert_eq!(at(&results, "0 to 200,000", |checks| checks.flat(COUNTERS)), not_measured());
}

#[test]
fn a_load_of_the_largest_session_has_a_bar_and_a_reason_wherever_it_is() {
    let of = |place, name: &str, nanoseconds| {
        let mut results = Results::default();
        let cost = Cost { nanoseconds, bytes: 0, writes: 0 };
        results.time(Side::Ours, place, (name, BEYOND), cost);
        let mut checks = Checks { results: &results, list: Vec::new() };
        checks.startup(place, name);
        let check = checks.list.pop().expect("a check");
        (check.holds, check.limit.map(|reason| reason.at_most))
    };
    for place in [Place::Memory, Place::Disk] {
        for name in ["file/load", "file/start: open, load"] {
            assert_eq!(of(place, name, 4.9e6), (true, None));
            assert_eq!(of(place, name, 5.9e6), (false, Some(9e6)));
            assert_eq!(of(place, name, 9.1e6), (false, None));
        }
    }
}

#[test]
fn what_one_round_decides_so_and_another_otherwise_is_by_chance() {
    let by_chance = |rounds: [f64; 2]| {
        let mut results = Results::default();
        for released in rounds {
            for (side, nanoseconds) in [(Side::Released, released), (Side::Ours, 100.0)] {
                let cost = Cost { nanoseconds, bytes: 1, writes: 1 };
                results.time(side, Place::Memory, (COUNTERS, 0), cost);
            }
        }
        let mut checks = Checks { results: &results, list: Vec::new() };
        checks.faster_at(Place::Memory, COUNTERS, &[0], 1.25);
        checks.list.pop().expect("a check").by_chance
    };
    assert_eq!(by_chance([180.0, 80.0]), Some((0.8, 1.8)));
    assert_eq!(by_chance([180.0, 125.0]), None);
    assert_eq!(by_chance([120.0, 80.0]), None);
}
