//! Bytes that come from elsewhere take memory in proportion to their length.

use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What a target takes for itself: serde believes a length up to 1 MiB, of each
/// list that bincode reads.
const ALWAYS: usize = 6 << 20;
/// And for each byte: it decodes the bytes in several ways, encodes what it got,
/// and compares.
const FOR_EACH_BYTE: usize = 64;

pub fn run(data: &[u8], target: fn(&[u8])) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    target(data);
    let taken = MEMORY.peak_usage().saturating_sub(before);
    let len = data.len();
    assert!(taken <= ALWAYS + FOR_EACH_BYTE * len, "{taken} bytes of memory for {len}");
}
