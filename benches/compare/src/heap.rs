//! How much memory is in use, and how much was at most.

// An allocator cannot be written without, and this is no library.
#![expect(unsafe_code, reason = "a global allocator that counts, and one call of the C library")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The system's allocator, with a count of the bytes that are out: of all, and
/// of those in buffers of bytes, which are what needs no alignment. Records do.
struct Counting;

struct Count {
    now: AtomicUsize,
    peak: AtomicUsize,
}

static ALL: Count = Count { now: AtomicUsize::new(0), peak: AtomicUsize::new(0) };
static BYTES: Count = Count { now: AtomicUsize::new(0), peak: AtomicUsize::new(0) };

#[global_allocator]
static ALLOCATOR: Counting = Counting;

impl Count {
    fn took(&self, bytes: usize) {
        let now = self.now.fetch_add(bytes, Relaxed) + bytes;
        self.peak.fetch_max(now, Relaxed);
    }

    /// From here on the peak is that of what follows.
    fn begin(&self) -> usize {
        let now = self.now.load(Relaxed);
        self.peak.store(now, Relaxed);
        now
    }

    fn peak(&self) -> usize {
        self.peak.load(Relaxed)
    }
}

fn took(bytes: usize, align: usize) {
    ALL.took(bytes);
    if align == 1 {
        BYTES.took(bytes);
    }
}

fn gave(bytes: usize, align: usize) {
    ALL.now.fetch_sub(bytes, Relaxed);
    if align == 1 {
        BYTES.now.fetch_sub(bytes, Relaxed);
    }
}

// SAFETY: every call is handed on to `System` with the arguments it came with,
// and what `System` returns is returned; counting touches no memory of theirs.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        took(layout.size(), layout.align());
        // SAFETY: the caller's promise about `layout` is the one that is asked for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        took(layout.size(), layout.align());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        gave(layout.size(), layout.align());
        // SAFETY: `memory` came from `System`, because every allocation does.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        took(size, layout.align());
        gave(layout.size(), layout.align());
        // SAFETY: as for `dealloc`, and the caller's promise about `size`.
        unsafe { System.realloc(memory, layout, size) }
    }
}

/// Bytes that Rust code holds.
pub(crate) fn held() -> usize {
    ALL.now.load(Relaxed)
}

/// How far a call went above what was held before it, and above what is held
/// afterwards: the first is all it needs, the second what it gives back.
pub(crate) struct Peak {
    pub(crate) above_before: usize,
    pub(crate) above_after: usize,
    /// In buffers of bytes alone, above what was held before.
    pub(crate) bytes: usize,
}

pub(crate) fn peak<T>(call: impl FnOnce() -> T) -> (T, Peak) {
    let (all, bytes) = (ALL.begin(), BYTES.begin());
    let result = call();
    let peak = Peak {
        above_before: ALL.peak().saturating_sub(all),
        above_after: ALL.peak().saturating_sub(held()),
        bytes: BYTES.peak().saturating_sub(bytes),
    };
    (result, peak)
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
