//! Which rows of a table a difference has come by: a bit for each.

/// Which old rows have met their partner.
pub(super) struct Seen {
    marks: Vec<u64>,
    len: usize,
}

impl Seen {
    pub(super) fn new(len: usize) -> Self {
        Self { marks: vec![0; len.div_ceil(64)], len }
    }

    /// Marks `count` rows from `at` on; false if one of them was marked.
    pub(super) fn mark_run(&mut self, at: usize, count: usize) -> bool {
        let (mut at, end) = (at, at + count);
        while at < end {
            let bits = (64 - at % 64).min(end - at);
            let mask = (u64::MAX >> (64 - bits)) << (at % 64);
            let word = &mut self.marks[at / 64];
            if *word & mask != 0 {
                return false;
            }
            *word |= mask;
            at += bits;
        }
        true
    }

    /// Marks a row; false if it was marked.
    pub(super) fn mark(&mut self, at: usize) -> bool {
        let bit = 1 << (at % 64);
        let word = &mut self.marks[at / 64];
        let unmarked = *word & bit == 0;
        *word |= bit;
        unmarked
    }

    pub(super) fn unmarked(&self) -> Vec<usize> {
        let words = self.marks.iter().enumerate().filter(|(_, word)| **word != u64::MAX);
        words
            .flat_map(|(at, word)| {
                (0..64).filter(move |bit| word & (1 << bit) == 0).map(move |bit| at * 64 + bit)
            })
            .filter(|at| *at < self.len)
            .collect()
    }
}
