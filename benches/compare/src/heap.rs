//! How much memory is in use, and how much was at most.

// An allocator cannot be written without, and this is no library.
#![expect(unsafe_code, reason = "a global allocator that counts, and one call of the C library")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The system's allocator, with a count of the bytes that are out.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn took(bytes: usize) {
    let now = NOW.fetch_add(bytes, Relaxed) + bytes;
    PEAK.fetch_max(now, Relaxed);
}

fn gave(bytes: usize) {
    NOW.fetch_sub(bytes, Relaxed);
}

// SAFETY: every call is handed on to `System` with the arguments it came with,
// and what `System` returns is returned; counting touches no memory of theirs.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        took(layout.size());
        // SAFETY: the caller's promise about `layout` is the one that is asked for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        took(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        gave(layout.size());
        // SAFETY: `memory` came from `System`, because every allocation does.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        took(size);
        gave(layout.size());
        // SAFETY: as for `dealloc`, and the caller's promise about `size`.
        unsafe { System.realloc(memory, layout, size) }
    }
}

/// Bytes that Rust code holds.
pub(crate) fn held() -> usize {
    NOW.load(Relaxed)
}

/// How far a call went above what was held before it, and above what is held
/// afterwards: the first is all it needs, the second what it gives back.
pub(crate) struct Peak {
    pub(crate) above_before: usize,
    pub(crate) above_after: usize,
}

pub(crate) fn peak<T>(call: impl FnOnce() -> T) -> (T, Peak) {
    let before = held();
    PEAK.store(before, Relaxed);
    let result = call();
    let peak = PEAK.load(Relaxed);
    let above_before = peak.saturating_sub(before);
    (result, Peak { above_before, above_after: peak.saturating_sub(held()) })
}

/// Bytes that the whole process holds, SQLite's among them, where the C
/// library says so; else those of Rust.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn held_by_all() -> usize {
    /// `struct mallinfo2` of glibc 2.33.
    #[repr(C)]
    struct Mallinfo2 {
        arena: usize,
        ordblks: usize,
        smblks: usize,
        hblks: usize,
        hblkhd: usize,
        usmblks: usize,
        fsmblks: usize,
        uordblks: usize,
        fordblks: usize,
        keepcost: usize,
    }

    unsafe extern "C" {
        fn mallinfo2() -> Mallinfo2;
    }

    // SAFETY: it takes nothing, and returns the ten words of the struct above.
    let info = unsafe { mallinfo2() };
    info.uordblks + info.hblkhd
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn held_by_all() -> usize {
    held()
}
