//! Why a bar that is missed cannot be had: which system calls, reads and bytes
//! stand in the way. A limit explains a call only down to the factor that it
//! names; what is slower than that has another reason, and fails.

pub(crate) struct Limits;

struct Limit {
    calls: &'static [&'static str],
    /// Numbers of peers, from and to.
    sizes: (usize, usize),
    /// No less than this factor is explained.
    down_to: f64,
    why: &'static str,
}

impl Limits {
    pub(crate) fn of_factor(
        &self,
        what: &str,
        size: usize,
        factor: f64,
        nanoseconds: f64,
    ) -> Option<&'static str> {
        let mut limits = LIMITS.iter().filter(|limit| {
            limit.calls.contains(&what)
                && (limit.sizes.0..=limit.sizes.1).contains(&size)
                && factor >= limit.down_to
        });
        if let Some(limit) = limits.next() {
            return Some(limit.why);
        }
        let (backend, _) = what.split_once(':')?;
        let (_, most) = FIXED.iter().find(|(name, _)| *name == backend)?;
        (size <= SMALL && nanoseconds <= *most).then_some(SMALL_SESSION)
    }

    /// Of a bar that is no factor.
    pub(crate) fn of_other(&self, what: &str) -> Option<&'static str> {
        OTHERS.iter().find(|(name, _)| *name == what).map(|(_, why)| *why)
    }
}

/// Up to here 0.6.6 has next to nothing to scan or to write anew.
const SMALL: usize = 1_000;
const SMALL_SESSION: &str = "In so small a session 0.6.6 has next to nothing to search, encode or write anew, so the \
    factor cannot be had: what is left of ours is what a call costs at any size, system calls and all.";
/// What a call on a small session may cost, in nanoseconds, for that to be why.
const FIXED: [(&str, f64); 5] =
    [("native", 6e3), ("memory", 2e3), ("string", 4e3), ("file", 60e3), ("sqlite", 2e6)];

const LOCK: &str = "What SQLite itself does is the same (6 × fcntl, 2 × pwrite). Ours adds seven system calls, statx of \
    the database, 2 × getpid, flock, statx of the lock file, pread and flock: the lock under which no checkpoint of \
    libSQL's older engine meets a commit.";
const TWO_ROWS: &str = "Two rows are written, the record and the version of the session, so two pages (4 × pwrite); \
    0.6.6 writes one row, and no other handle can tell. And seven system calls for the lock, as for the counters.";
const ANOTHER_ORDER: &str = "The client keeps its order from save to save; here each row is found through two places at random, 4 and 24 bytes, and \
    from some 20,000 peers on these do not fit the cache that is nearest to a core. So from there on a save in another \
    order than the last is about as fast as that of 0.6.6, which writes everything, and not 4 x faster.";
const ALL: (usize, usize) = (0, usize::MAX);

const LIMITS: [Limit; 8] = [
    Limit {
        calls: &[
            "file: save, 10 peers changed",
            "file: save, 10 peers changed, in the order of a new start",
        ],
        sizes: (20_000, usize::MAX),
        down_to: 5.0,
        why: "The client hands over the whole session, and each record of it is compared with what is stored: that \
              grows with the session. 0.6.6 encodes all of it and writes it, which a file system in memory takes for \
              little more than a copy; what it is on a disk stands below.",
    },
    Limit {
        calls: &["sqlite: pts, date, seq", "sqlite: qts"],
        sizes: ALL,
        down_to: 0.7,
        why: LOCK,
    },
    Limit {
        calls: &["sqlite: pts of a channel", "sqlite: a peer"],
        sizes: ALL,
        down_to: 0.45,
        why: TWO_ROWS,
    },
    Limit {
        calls: &["sqlite: start: open, load", "sqlite: load"],
        sizes: ALL,
        down_to: 0.7,
        why: "Both read every row through SQLite: a step and as many columns for each. What is left to save is small \
              beside that; where little is read, looking for the schema is most of it.",
    },
    Limit {
        calls: &["file: save, 10 peers changed, in another order"],
        sizes: (20_000, usize::MAX),
        down_to: 0.5,
        why: ANOTHER_ORDER,
    },
    Limit {
        calls: &["native: encode", "native: decode"],
        sizes: (20_000, usize::MAX),
        down_to: 0.7,
        why: "The checksum over all bytes is in this time; 0.6.6 has none.",
    },
    Limit {
        calls: &["string: a peer after a save"],
        sizes: ALL,
        down_to: 0.3,
        why: "The first call after a save that needs one record among all builds the index of them, once.",
    },
    Limit {
        calls: &["memory: pts of a channel", "memory: a peer"],
        sizes: (20_000, 20_000),
        down_to: 3.0,
        why: "A lock and two look-ups are what is left; 0.6.6 searches a list, and the one that it searches here is \
              short (a tenth of the peers are channels).",
    },
];

const INDEX_GROWS: &str = "Nothing is searched: a lock and a look-up, which at 200,000 records waits for memory where a \
    small one stays in the cache of the processor.";

const OTHERS: [(&str, &str); 4] = [
    ("memory: pts of a channel", INDEX_GROWS),
    ("memory: a peer", INDEX_GROWS),
    (
        "file: start: open, load",
        "Beside decoding it is fresh memory: 4 MB of file, 5 MB of records that are kept and 5 MB for the caller, \
         some 3,500 page faults.",
    ),
    (
        "file: start, with a long journal",
        "A long journal holds as many changes as bytes allow, nearly one for each byte of the base over 23: each is \
         read, checked and looked up among 200,000 records, at random. `checkpoint()` and every login make it short.",
    ),
];

/// Why a call is slower than that of 0.6.6, where it is one of these.
pub(crate) fn slower(name: &str) -> &'static str {
    SLOWER
        .iter()
        .find(|(names, _)| names.contains(&name))
        .map_or("Not looked into yet.", |(_, why)| *why)
}

const SLOWER: [(&[&str], &str); 14] = [
    (
        &["file/first save", "file/new key of a DC", "file/home DC"],
        "Safe against a power cut: a new file, an fsync of it and of its folder, and the generation before it is kept. \
         0.6.6 writes a file and renames it.",
    ),
    (
        &[
            "file/load",
            "file/load, with a long journal",
            "file/start: open, load",
            "file/start, with a long journal",
        ],
        "Checks the checksums, keeps the records beside those that the caller gets, and replays the journal; 0.6.6 \
         reads the bytes and has no journal.",
    ),
    (
        &["file/first save after a start"],
        "The records that were loaded come in another order: each is looked up once. From then on the client's order \
         is known.",
    ),
    (
        &[
            "file/save, 10 peers changed, in another order",
            "memory/save, 10 peers changed, in another order",
        ],
        ANOTHER_ORDER,
    ),
    (
        &["file/delete", "sqlite/delete"],
        "No key is left in a file: the kept generation and the database's log go too, and that is so after a power \
         cut. 0.6.6 unlinks one file, and leaves the keys in a database.",
    ),
    (&["sqlite/pts of a channel", "sqlite/a peer", "sqlite/a peer after a save"], TWO_ROWS),
    (&["sqlite/pts, date, seq", "sqlite/qts", "sqlite/pts after a save"], LOCK),
    (
        &["sqlite/new key of a DC", "sqlite/home DC"],
        "Safe against a power cut: three fsyncs, and the page goes into the log and from there into the database at once \
         (3 × pwrite, and 12 × pread that check what is there). 0.6.6 writes to the log and waits for nothing.",
    ),
    (
        &["sqlite/salt of a DC"],
        "The row has a checksum and is written as a whole, in a transaction with the version of the session, under the \
         lock.",
    ),
    (
        &[
            "sqlite/first save",
            "sqlite/start: open, load",
            "sqlite/load",
            "sqlite/first save after a start",
        ],
        "Opening takes the lock and looks for the schema, and for tables of 0.6.6, which are taken over.",
    ),
    (
        &["sqlite/save, 10 peers changed", "sqlite/save, nothing changed"],
        "Asks the database for the version of the session before it believes that nothing has changed.",
    ),
    (
        &[
            "memory/a granular call, nothing changed",
            "memory/a peer",
            "memory/home DC",
            "memory/new key of a DC",
            "memory/pts after a save",
            "memory/pts of a channel",
            "memory/pts, date, seq",
            "memory/qts",
            "memory/salt of a DC",
            "memory/delete",
            "string/delete",
            "memory/load",
            "memory/save, 10 peers changed",
            "memory/save, nothing changed",
            "memory/save, 10 peers changed, in the order of a new start",
        ],
        "A number of nanoseconds that does not grow with the session: the engine between the call and the store, which keeps the promises \
         (version, deadline, errors that say where).",
    ),
    (
        &["memory/a peer after a save", "string/a peer after a save", "file/a peer after a save"],
        "The first call after a save that needs one record among all builds the index of them, once.",
    ),
    (
        &["native/decode", "native/encode", "native/decode a string"],
        "The checksum over all bytes is in this time; 0.6.6 has none.",
    ),
];
