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

/// Whether the only check holds, and what it says of ours.
fn only(results: &Results, check: impl FnOnce(&mut Checks<'_>)) -> (bool, String) {
    let mut checks = Checks { results, list: Vec::new() };
    check(&mut checks);
    let check = checks.list.pop().expect("a check");
    assert!(checks.list.is_empty());
    (check.holds, check.ours)
}

fn not_measured() -> (bool, String) {
    (false, "not measured".to_owned())
}

#[test]
fn a_bar_on_bytes_does_not_hold_where_none_were_counted() {
    let of = |bytes| {
        let mut results = Results::default();
        both(&mut results, COUNTERS, bytes);
        only(&results, |checks| checks.writes(COUNTERS, &[20_000], 64))
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
        only(&results, |checks| checks.writes(UNCHANGED, &[20_000], 0))
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
        only(&results, |checks| checks.day("file", 10e6)).0
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
        only(&results, |checks| checks.held("file")).0
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
    let checks = check(&Results::default(), &[]);
    assert!(!checks.is_empty());
    assert!(checks.iter().all(|check| !check.holds && check.limit.is_none()));
}
