//! A target takes memory in proportion to the length of its input.

use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What serde takes in any case: it believes a length up to 1 MiB, of each list
/// that bincode reads.
#[allow(dead_code, reason = "each target is a program of its own")]
pub const SERDE: usize = 6 << 20;
/// What is made of the input in any case: 300 datacentres, a token that 16 bits
/// do not count.
#[allow(dead_code, reason = "each target is a program of its own")]
pub const MADE: usize = 4 << 20;

/// Runs a target that takes so much `always`, and so much `for_each_byte`: it
/// decodes the bytes in several ways, encodes what it got, and compares.
pub fn run(data: &[u8], target: fn(&[u8]), always: usize, for_each_byte: usize) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    target(data);
    let taken = MEMORY.peak_usage().saturating_sub(before);
    let len = data.len();
    assert!(taken <= always + for_each_byte * len, "{taken} bytes of memory for {len}");
}
