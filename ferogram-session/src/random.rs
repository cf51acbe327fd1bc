use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

/// 128 bits that nobody else has: `RandomState` is seeded by the operating
/// system for each thread; process, time and a counter keep two apart even
/// where the seed was copied.
pub(crate) fn fresh() -> u128 {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    let state = RandomState::new();
    let mut low = state.build_hasher();
    low.write_u64(count);
    low.write_u32(std::process::id());
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let mut high = RandomState::new().build_hasher();
    high.write_u128(now.as_nanos());
    high.write_u64(count);
    u128::from(high.finish()) << 64 | u128::from(low.finish())
}
