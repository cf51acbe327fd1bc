//! Times, bytes handed to the system, and memory; one line of tab-separated
//! text for each result.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// For how long a measurement may go on, and under which size it is filed.
#[derive(Clone)]
pub(crate) struct Bench {
    pub(crate) budget: Duration,
    pub(crate) size: usize,
    /// Measure the call of this name and no other: to profile it.
    pub(crate) only: Option<String>,
    /// Make so many calls and measure nothing: somebody else counts.
    pub(crate) calls: Option<usize>,
}

const MIN_CALLS: usize = 3;
const MAX_CALLS: usize = 20_000;
/// Shorter than this, a single call is not measured well.
const BATCH: Duration = Duration::from_micros(20);
/// The time of a call is what one of so many stays below. The median would be at one or
/// the other of the two speeds at which a processor runs that others use too, by chance.
const TYPICAL: usize = 5;
/// Calls of which the bytes are counted one by one.
const COUNTED: usize = 15;

impl Bench {
    /// Calls that take no preparation, timed in batches where they are short.
    pub(crate) fn batch(&self, name: &str, mut call: impl FnMut()) {
        if self.skips(name) {
            return;
        }
        if let Some(calls) = self.calls {
            (0..calls).for_each(|_| call());
            return;
        }
        call();
        let start = Instant::now();
        let mut calls = 0_u32;
        while start.elapsed() < BATCH * 5 {
            call();
            calls += 1;
        }
        let batch = (calls / 5).max(1);
        let mut times = Vec::new();
        let begin = Instant::now();
        while go_on(times.len(), begin, self.budget) {
            let start = Instant::now();
            for _ in 0..batch {
                call();
            }
            times.push(start.elapsed().as_nanos() as f64 / f64::from(batch));
        }
        let written = (0..COUNTED).map(|_| Written::by(&mut call).1).collect();
        self.print(name, times, written);
    }

    /// Calls that are prepared for, outside the time: so is the drop of what
    /// they return.
    pub(crate) fn each<S, T>(
        &self,
        name: &str,
        state: &mut S,
        mut prepare: impl FnMut(&mut S),
        mut call: impl FnMut(&mut S) -> T,
    ) {
        if self.skips(name) {
            return;
        }
        if let Some(calls) = self.calls {
            for _ in 0..calls {
                prepare(state);
                drop(call(state));
            }
            return;
        }
        prepare(state);
        call(state);
        let mut times = Vec::new();
        let begin = Instant::now();
        while go_on(times.len(), begin, self.budget) {
            prepare(state);
            let start = Instant::now();
            let result = black_box(call(state));
            times.push(start.elapsed().as_nanos() as f64);
            drop(result);
        }
        let mut written = Vec::new();
        let begin = Instant::now();
        while written.is_empty() || (written.len() < COUNTED && begin.elapsed() < self.budget) {
            prepare(state);
            written.push(Written::by(|| call(state)).1);
        }
        self.print(name, times, written);
    }

    /// Times in nanoseconds that somebody else took. What is written is not counted.
    pub(crate) fn reported(&self, name: &str, mut time: impl FnMut() -> f64) {
        if self.skips(name) {
            return;
        }
        let mut times = Vec::new();
        let begin = Instant::now();
        while go_on(times.len(), begin, self.budget * 4) {
            times.push(time());
        }
        self.print(name, times, vec![Written::default()]);
    }

    fn skips(&self, name: &str) -> bool {
        self.only.as_ref().is_some_and(|only| only != name)
    }

    fn print(&self, name: &str, mut times: Vec<f64>, mut written: Vec<Written>) {
        times.sort_by(f64::total_cmp);
        written.sort_by_key(|written| (written.bytes, written.calls));
        let mean = times.iter().sum::<f64>() / times.len() as f64;
        let typical = times[times.len() / TYPICAL];
        // Of two in the middle the smaller one: neither side gains by a rare large one.
        let Written { bytes, calls } = written[(written.len() - 1) / 2];
        let (size, min) = (self.size, times[0]);
        println!("time\t{name}\t{size}\t{min:.1}\t{typical:.1}\t{mean:.1}\t{bytes}\t{calls}");
    }

    /// A result that is not a time.
    pub(crate) fn value(&self, name: &str, value: u64) {
        println!("value\t{name}\t{}\t{value}", self.size);
    }
}

fn go_on(done: usize, begin: Instant, budget: Duration) -> bool {
    done < MIN_CALLS || (begin.elapsed() < budget && done < MAX_CALLS)
}

/// What was handed to `write` and its kin, as the system counts it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Written {
    pub(crate) bytes: u64,
    pub(crate) calls: u64,
}

impl Written {
    /// Zero where there is no `/proc`.
    fn so_far() -> Self {
        let io = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
        let field = |name: &str| {
            let line = io.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|value| value.trim().parse().ok()).unwrap_or(0)
        };
        Self { bytes: field("wchar:"), calls: field("syscw:") }
    }

    /// What one call writes.
    pub(crate) fn by<T>(call: impl FnOnce() -> T) -> (T, Self) {
        let before = Self::so_far();
        let result = call();
        let after = Self::so_far();
        let written = Self { bytes: after.bytes - before.bytes, calls: after.calls - before.calls };
        (result, written)
    }
}
