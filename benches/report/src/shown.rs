//! What the committed results.md shows, read back: ceilings are held against it.

use crate::programs::{BEYOND, SIZES};
use crate::results::{Cost, Place, Results, Side};

const RESULTS: &str = include_str!("../../results.md");

/// All times in it; no bytes.
pub(crate) fn shown() -> Results {
    let mut results = Results::default();
    let mut section = "";
    for line in RESULTS.lines() {
        if line.starts_with('#') {
            section = line;
        }
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [name, cells @ ..] = cells.as_slice() else { continue };
        let called = name.replacen(": ", "/", 1);
        if section.starts_with("## Every call") {
            every_size(&mut results, &called, cells);
        } else if section.contains("the parts cost") {
            every_size(&mut results, &format!("floor/{name}"), cells);
        } else if section.starts_with("## On a disk")
            && let [size, _, _, both, _] = cells
            && let Ok(size) = size.replace(',', "").parse()
        {
            take(&mut results, Place::Disk, (&called, size), both);
        }
    }
    results
}

fn every_size(results: &mut Results, name: &str, cells: &[&str]) {
    for (size, both) in SIZES.into_iter().chain([BEYOND]).zip(cells) {
        take(results, Place::Memory, (name, size), both);
    }
}

/// `ours (0.6.6)`, or one of the two.
fn take(results: &mut Results, place: Place, call: (&str, usize), both: &str) {
    let (ours, released) = both.trim_end_matches(')').split_once('(').unwrap_or((both, ""));
    for (side, text) in [(Side::Ours, ours), (Side::Released, released)] {
        if let Some(nanoseconds) = nanoseconds(text.trim()) {
            results.time(side, place, call, Cost { nanoseconds, bytes: 0, writes: 0 });
        }
    }
}

fn nanoseconds(text: &str) -> Option<f64> {
    let (number, unit) = text.split_once(' ')?;
    let unit = match unit {
        "ns" => 1.0,
        "µs" => 1e3,
        "ms" => 1e6,
        "s" => 1e9,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * unit)
}

#[test]
fn every_table_of_times_is_read() {
    let results = shown();
    let sides = [Side::Ours, Side::Released];
    for side in sides {
        for size in SIZES {
            let save = "sqlite/save, 10 peers changed";
            assert!(results.cost(side, Place::Memory, save, size).is_some(), "{side:?}, {size}");
        }
        assert!(results.cost(side, Place::Disk, "file/start: open, load", 60_000).is_some());
    }
    let floor = results.cost(Side::Ours, Place::Memory, "floor/copy a session", BEYOND);
    assert!(floor.is_some_and(|cost| cost.nanoseconds > 1e3));
    assert!(results.names().len() > 80, "{:?}", results.names());
}
