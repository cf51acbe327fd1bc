use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

/// 128 bits that nobody else has and nobody can guess: `RandomState` is seeded by the
/// operating system for each thread. Process, time and a counter keep two apart even
/// where the seed was copied, as after a `fork`: for that the process is asked for each
/// time, at the cost of a system call.
pub(crate) fn fresh() -> u128 {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let unique = (count, std::process::id(), now.as_nanos() as u64);
    let [high, low] = [(); 2].map(|()| RandomState::new().hash_one(unique));
    u128::from(high) << 64 | u128::from(low)
}

/// Numbers that look random and are the same each time.
#[cfg(test)]
pub(crate) struct Seeded(pub(crate) u64);

#[cfg(test)]
impl Seeded {
    /// SplitMix64.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }

    /// Less than `end`; zero if that is.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    pub(crate) fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.next() as u8).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::fresh;
    use std::collections::HashSet;

    #[test]
    fn no_two_are_the_same_on_any_thread_and_every_bit_changes() {
        let threads: Vec<_> =
            (0..4).map(|_| std::thread::spawn(|| [(); 1_000].map(|()| fresh()))).collect();
        let all: Vec<u128> = threads.into_iter().flat_map(|made| made.join().unwrap()).collect();
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
        for bit in 0..128 {
            let ones = all.iter().filter(|made| *made >> bit & 1 == 1).count();
            assert!((1_600..2_400).contains(&ones), "bit {bit} is one in {ones} of 4,000");
        }
    }
}
