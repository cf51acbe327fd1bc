//! What the two programs said.

use std::collections::BTreeMap;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Side {
    Released,
    Ours,
}

/// Where the files are: on a disk, or in memory, where an fsync costs nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Place {
    Disk,
    Memory,
}

/// One call: the best of all rounds, and the median of what one call
/// writes.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) nanoseconds: f64,
    pub(crate) bytes: u64,
    pub(crate) writes: u64,
}

type Id = (Side, Place, String, usize);

#[derive(Default)]
pub(crate) struct Results {
    costs: BTreeMap<Id, Cost>,
    /// Nanoseconds of each round, in turn.
    times: BTreeMap<Id, Vec<f64>>,
    /// Bytes and writes of each round.
    written: BTreeMap<Id, Vec<(u64, u64)>>,
    values: BTreeMap<Id, u64>,
}

impl Results {
    /// Takes over what a program printed. Of several rounds the best counts:
    /// whatever else the machine did only made the others slower.
    pub(crate) fn take(&mut self, side: Side, place: Place, printed: &str) -> Option<()> {
        for line in printed.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            match fields.as_slice() {
                ["time", name, size, _min, typical, _mean, bytes, writes] => {
                    let id = (side, place, (*name).to_owned(), size.parse().ok()?);
                    let cost = Cost {
                        nanoseconds: typical.parse().ok()?,
                        bytes: bytes.parse().ok()?,
                        writes: writes.parse().ok()?,
                    };
                    self.times.entry(id.clone()).or_default().push(cost.nanoseconds);
                    let rounds = self.written.entry(id.clone()).or_default();
                    rounds.push((cost.bytes, cost.writes));
                    rounds.sort_unstable();
                    let (bytes, writes) = rounds[rounds.len() / 2];
                    let best = self.costs.entry(id).or_insert(cost);
                    let nanoseconds = best.nanoseconds.min(cost.nanoseconds);
                    *best = Cost { nanoseconds, bytes, writes };
                }
                ["value", name, size, value] => {
                    let id = (side, place, (*name).to_owned(), size.parse().ok()?);
                    let value = value.parse().ok()?;
                    let best = self.values.entry(id).or_insert(value);
                    *best = value.min(*best);
                }
                _ => return None,
            }
        }
        Some(())
    }

    pub(crate) fn cost(&self, side: Side, place: Place, name: &str, size: usize) -> Option<Cost> {
        self.costs.get(&(side, place, name.to_owned(), size)).copied()
    }

    pub(crate) fn value(&self, side: Side, place: Place, name: &str, size: usize) -> Option<u64> {
        self.values.get(&(side, place, name.to_owned(), size)).copied()
    }

    /// How many times faster ours is.
    pub(crate) fn factor(&self, place: Place, name: &str, size: usize) -> Option<f64> {
        let released = self.cost(Side::Released, place, name, size)?;
        let ours = self.cost(Side::Ours, place, name, size)?;
        Some(released.nanoseconds / ours.nanoseconds)
    }

    /// The same within each round, in which the two programs take turns: the least and the
    /// most.
    pub(crate) fn spread(&self, place: Place, name: &str, size: usize) -> Option<(f64, f64)> {
        let of = |side| self.times.get(&(side, place, name.to_owned(), size));
        let rounds = of(Side::Released)?.iter().zip(of(Side::Ours)?);
        let factors: Vec<f64> = rounds.map(|(released, ours)| released / ours).collect();
        let least = factors.iter().copied().reduce(f64::min)?;
        Some((least, factors.into_iter().reduce(f64::max)?))
    }

    /// The names of all timed calls, once each.
    pub(crate) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.costs.keys().map(|(_, _, name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

#[cfg(test)]
impl Results {
    /// One round more, as a program prints it.
    pub(crate) fn time(&mut self, side: Side, place: Place, call: (&str, usize), cost: Cost) {
        let ((name, size), Cost { nanoseconds, bytes, writes }) = (call, cost);
        let line = format!("time\t{name}\t{size}\t0\t{nanoseconds}\t0\t{bytes}\t{writes}");
        assert_eq!(self.take(side, place, &line), Some(()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUNDS: [&str; 3] = [
        "time\ta\t0\t1\t30\t90\t7\t1",
        "time\ta\t0\t2\t20\t25\t900\t9",
        "time\ta\t0\t3\t40\t41\t8\t2",
    ];

    fn of(rounds: &[&str]) -> Cost {
        let mut results = Results::default();
        for round in rounds {
            assert_eq!(results.take(Side::Ours, Place::Disk, round), Some(()));
        }
        results.cost(Side::Ours, Place::Disk, "a", 0).expect("was measured")
    }

    #[test]
    fn of_rounds_the_best_time_and_the_median_of_the_bytes_count() {
        let Cost { nanoseconds, bytes, writes } = of(&ROUNDS);
        assert_eq!((nanoseconds, bytes, writes), (20.0, 8, 2));
        let [first, second, third] = ROUNDS;
        let Cost { nanoseconds, bytes, writes } = of(&[second, third, first]);
        assert_eq!((nanoseconds, bytes, writes), (20.0, 8, 2));
    }

    #[test]
    fn of_two_rounds_the_greater_number_of_bytes_counts() {
        assert_eq!(of(&ROUNDS[..2]).bytes, 900);
    }

    #[test]
    fn rounds_are_compared_in_pairs() {
        let mut results = Results::default();
        assert_eq!(results.spread(Place::Disk, "a", 0), None);
        for (released, ours) in [(60.0, 30.0), (10.0, 20.0), (90.0, 30.0)] {
            for (side, nanoseconds) in [(Side::Released, released), (Side::Ours, ours)] {
                let cost = Cost { nanoseconds, bytes: 0, writes: 0 };
                results.time(side, Place::Disk, ("a", 0), cost);
            }
        }
        assert_eq!(results.spread(Place::Disk, "a", 0), Some((0.5, 3.0)));
        // The verdict is that of the best of each side, which may be of two rounds.
        assert_eq!(results.factor(Place::Disk, "a", 0), Some(0.5));
    }

    #[test]
    fn of_a_value_the_least_counts() {
        let mut results = Results::default();
        let printed = "value\tb\t5\t12\nvalue\tb\t5\t10\nvalue\tb\t5\t11\n";
        assert_eq!(results.take(Side::Released, Place::Memory, printed), Some(()));
        assert_eq!(results.value(Side::Released, Place::Memory, "b", 5), Some(10));
        assert_eq!(results.value(Side::Ours, Place::Memory, "b", 5), None);
    }

    #[test]
    fn what_is_unforeseen_is_refused() {
        for line in
            ["", "time\ta\t0\t1\t2", "value\ta\tmany\t1", "value\ta\t0\t-1", "other\ta\t0\t1"]
        {
            let printed = format!("{line}\n");
            assert_eq!(
                Results::default().take(Side::Ours, Place::Memory, &printed),
                None,
                "{line}"
            );
        }
    }
}
