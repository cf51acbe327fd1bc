//! Why a bar that is missed cannot be had, or not yet: what was measured of
//! the part that stands in the way.

/// The limit behind a bar, by how the bar is called.
pub(crate) fn limit(what: &str) -> Option<&'static str> {
    let (_, limit) = LIMITS.iter().find(|(name, _)| what.starts_with(name))?;
    Some(limit)
}

const LIMITS: [(&str, &str); 7] = [
    (
        "sqlite: pts",
        "The calls of SQLite itself are the same (6 × fcntl, 2 × pwrite). Ours adds five, flock, statx, pread, getpid \
         and flock, 1.4 µs together: the lock under which no checkpoint of libSQL's older engine meets a commit. \
         Without it the bar holds.",
    ),
    (
        "sqlite: qts",
        "The calls of SQLite itself are the same (6 × fcntl, 2 × pwrite). Ours adds five, flock, statx, pread, getpid \
         and flock, 1.4 µs together: the lock under which no checkpoint of libSQL's older engine meets a commit. \
         Without it the bar holds.",
    ),
    (
        "sqlite: a peer",
        "Two rows are written, the peer and the version of the session, so two pages (4 × pwrite) in a transaction of \
         four statements; 0.6.6 writes one row, and no other handle can tell. And the lock, as above.",
    ),
    (
        "sqlite: start",
        "SQLite's own share of a row is 110 ns of 190: a step, four columns, and the comparison that ends the session.",
    ),
    (
        "file: save, 10 peers changed, in another order",
        "Each row is found through two places at random, 4 and 24 bytes. For 60,000 peers these are 2 MB beside 1.4 MB \
         of the new session, more than the 2 MB of cache nearest to a core: 17 ns a row is the wait for the next one. \
         Decoding alone would cost 4 ns a row.",
    ),
    (
        "file: start: open, load",
        "Decoding takes 0.8 ms. The rest is fresh memory: 4 MB of file, 5 MB of records that are kept and 5 MB for the \
         caller, 3,500 page faults.",
    ),
    (
        "sqlite: memory",
        "The records and their index take 1.43 x; SQLite's pages (400 KiB), statements and schema the rest.",
    ),
];
