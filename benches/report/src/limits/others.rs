//! Why bars that are no factor are missed.

use super::texts::{INDEX_GROWS, LONG_JOURNAL, PAGES_AGAIN};

/// By how many times each may miss its bar at most.
pub(super) const OTHERS: [(&str, f64, &str); 8] = [
    ("memory: pts of a channel", 1.5, INDEX_GROWS),
    ("memory: a peer", 2.0, INDEX_GROWS),
    ("file: start in a new process, with a long journal", 8.0, LONG_JOURNAL),
    ("file, on a disk: start in a new process, with a long journal", 8.0, LONG_JOURNAL),
    // 1 ms or 6 ms, as the allocator decides: so far from what one run shows.
    ("file: load", 1.8, PAGES_AGAIN),
    ("file: start: open, load", 1.8, PAGES_AGAIN),
    ("file, on a disk: load", 1.8, PAGES_AGAIN),
    ("file, on a disk: start: open, load", 1.8, PAGES_AGAIN),
];
