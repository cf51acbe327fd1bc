//! How many random sequences a case plays.

use super::Suite;
use std::cell::Cell;
use std::time::{Duration, Instant};

const ASKED: &str = "FEROGRAM_SESSION_MODEL_CASES";

/// So many in any case.
const AT_LEAST: u64 = 8;

/// Counts random sequences: as many as are asked for in the environment, else
/// those that fit into a quarter of the time after which a case counts as
/// hung, up to the usual number. A store is not to fail because it is slow.
pub(crate) struct Sequences {
    all: bool,
    most: u64,
    begin: Instant,
    time: Duration,
    played: Cell<u64>,
}

impl Sequences {
    /// A part of them, of a case that takes longer over each.
    pub(crate) fn new(suite: &Suite, part: u64) -> Self {
        Self {
            all: number(ASKED).is_some(),
            most: count(part),
            begin: Instant::now(),
            time: suite.time_limit() / 4,
            played: Cell::new(0),
        }
    }

    pub(crate) fn most(&self) -> u64 {
        self.most
    }

    /// Whether to play one more.
    pub(crate) fn go_on(&self) -> bool {
        let played = self.played.get();
        let more = played < self.most
            && (self.all || played < AT_LEAST || self.begin.elapsed() < self.time);
        self.played.set(played + u64::from(more));
        more
    }
}

impl Drop for Sequences {
    fn drop(&mut self) {
        let (played, most) = (self.played.get(), self.most);
        if played < most && !std::thread::panicking() {
            println!(
                "{played} of {most} random sequences fitted into {:?}; {ASKED} says how many are played in any case",
                self.time
            );
        }
    }
}

/// As many as are asked for, or as usual; or a part of that.
pub(crate) fn count(part: u64) -> u64 {
    number(ASKED).unwrap_or(64) / part
}

pub(crate) fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_store_plays_fewer_and_a_quick_one_all() {
        let count = |time| {
            let (all, most, begin, played) = (false, 64, Instant::now(), Cell::new(0));
            let sequences = Sequences { all, most, begin, time, played };
            (0..100).filter(|_| sequences.go_on()).count()
        };
        assert_eq!(count(Duration::ZERO), 8);
        assert_eq!(count(Duration::from_secs(60)), 64);
    }
}
