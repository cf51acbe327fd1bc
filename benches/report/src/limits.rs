//! Why a bar is missed. It is out of reach if the parts that a call cannot do without,
//! which are measured in the same run (`compare/src/floors.rs`), take longer than
//! the bar leaves. Else something was preferred to it, and is named. Either
//! explains a call only up to so many times those parts, or up to a fixed time;
//! what takes more has another reason, and fails.

use crate::results::{Place, Results, Side};

pub(crate) struct Limits;

struct Limit {
    calls: &'static [&'static str],
    /// Numbers of peers, from and to.
    sizes: (usize, usize),
    /// What a call does at least, by the names of the floors.
    parts: &'static [&'static str],
    most: Most,
    why: &'static str,
}

/// Why a call misses its bar.
#[derive(Clone, Copy)]
pub(crate) struct Reason {
    pub(crate) why: &'static str,
    /// Of a bar that is out of reach: what it leaves, and what the parts take, in
    /// nanoseconds.
    pub(crate) out_of_reach: Option<(f64, f64)>,
}

/// What a call may take for this to be the reason.
enum Most {
    /// So many times what the parts take.
    Times(f64),
    Nanoseconds(f64),
}

impl Most {
    fn allows(&self, parts: f64, nanoseconds: f64) -> bool {
        match self {
            Self::Times(times) => nanoseconds <= times * parts,
            Self::Nanoseconds(most) => nanoseconds <= *most,
        }
    }
}

impl Limits {
    pub(crate) fn of_factor(
        &self,
        results: &Results,
        what: &str,
        size: usize,
        factor: f64,
        bar: f64,
    ) -> Option<Reason> {
        let name = what.replacen(": ", "/", 1);
        let cost = |name: &str| {
            let cost = results.cost(Side::Ours, Place::Memory, name, size)?;
            Some(cost.nanoseconds)
        };
        let ours = cost(&name)?;
        let left = ours * factor / bar;
        LIMITS.iter().find_map(|limit| {
            let parts = limit.parts.iter().map(|part| cost(&format!("floor/{part}")));
            let parts = parts.sum::<Option<f64>>()?;
            let concerns = limit.calls.contains(&name.as_str())
                && (limit.sizes.0..=limit.sizes.1).contains(&size)
                && limit.most.allows(parts, ours);
            // Parts that take longer than the call itself show nothing.
            let out_of_reach = (parts > left && parts <= ours).then_some((left, parts));
            concerns.then_some(Reason { why: limit.why, out_of_reach })
        })
    }

    /// Of a start in so many nanoseconds.
    pub(crate) fn of_start(
        &self,
        results: &Results,
        size: usize,
        ours: f64,
        bar: f64,
    ) -> Option<Reason> {
        let part = "floor/in a new process: read the file, fill a session";
        let parts = results.cost(Side::Ours, Place::Memory, part, size)?.nanoseconds;
        let is_reason = parts > 0.9 * bar && ours <= 1.3 * parts;
        let out_of_reach = (parts > bar && parts <= ours).then_some((bar, parts));
        is_reason.then_some(Reason { why: FIRST_TOUCH, out_of_reach })
    }

    /// Of a bar that is no factor, and by how much it is missed.
    pub(crate) fn of_other(&self, what: &str, over: f64) -> Option<Reason> {
        let (.., why) = OTHERS.iter().find(|(name, most, _)| *name == what && over <= *most)?;
        Some(Reason { why, out_of_reach: None })
    }
}

/// Up to here 0.6.6 has next to nothing to scan or to write anew.
const SMALL: (usize, usize) = (0, 1_000);
const LARGE: (usize, usize) = (20_000, usize::MAX);
const ALL: (usize, usize) = (0, usize::MAX);

const SMALL_SESSION: &str = "In so small a session 0.6.6 has next to nothing to search, encode or write anew, so the \
    factor cannot be had: what is left of ours is what a call costs at any size, system calls and all.";
const CHECKED: &str = "A fraction of a microsecond at any size: the checksum over all bytes, and the \
    order and the checks of the datacentres, which 0.6.6 leaves out.";
const ENGINE: &str = "A fraction of a microsecond at any size: the engine between the call and the store, which keeps the \
    promises (version, deadline, errors that say where).";
const ORDERED: &str = "Every record of the session is compared, and changes are written one by one: of so few, 0.6.6 \
    copies all as fast.";
const COMPARED: &str = "Every record is compared with what is held, so that it stays known where each is found. 0.6.6 copies \
    all, and searches all of it in the next call.";
const LOCK: &str = "What SQLite itself does is the same, and takes most of the time (below). Ours adds the system calls of a lock, \
    under which no checkpoint of libSQL's older engine meets a commit.";
const TWO_ROWS: &str = "Two rows are written, the record and the version of the session, so two pages; 0.6.6 writes one \
    row, and no other handle can tell. And the system calls for the lock, as for the counters.";
const ANOTHER_ORDER: &str = "The client keeps its order from save to save; here each row is found through two places at random, 4 and 24 bytes, and \
    from some 20,000 peers on these do not fit the cache that is nearest to a core. So from there on a save in another \
    order than the last is about as fast as that of 0.6.6, which writes everything, and not 4 x faster.";
const EVERY_ROW: &str = "Both read every row through SQLite, a step and a call for each column. A column less, the kind of a peer, \
    would save a tenth, and a kind that has changed would not be seen.";
const OPENING: &str = "Opening takes the lock and looks for the schema, and for tables of 0.6.6, which are taken over; where \
    little is read or written, that is most of it.";

const THREAD: &[&str] = &["take a lock, and look at the thread"];
const CALLS: &[&str] = &["file: the system calls of a change"];

const LIMITS: [Limit; 19] = [
    Limit {
        calls: &[
            "file/save, 10 peers changed",
            "file/save, 10 peers changed, in the order of a new start",
        ],
        sizes: LARGE,
        parts: &["compare all peers", "file: the system calls of a change"],
        most: Most::Times(1.7),
        why: "The client hands over the whole session, and each record of it is compared with what is stored: that \
              grows with the session. 0.6.6 encodes all of it and writes it, which a file system in memory takes for \
              little more than a copy; what it is on a disk stands below.",
    },
    Limit {
        calls: &["file/save, 10 peers changed, in another order"],
        sizes: LARGE,
        parts: &["look all peers up", "file: the system calls of a change"],
        most: Most::Times(4.0),
        why: ANOTHER_ORDER,
    },
    Limit {
        calls: &["file/save, 10 peers changed, in another order"],
        sizes: SMALL,
        parts: &["look all peers up", "file: the system calls of a change"],
        most: Most::Times(4.0),
        why: "Each record is looked up, which takes longer than the few bytes that 0.6.6 encodes and writes.",
    },
    Limit {
        calls: &["sqlite/pts, date, seq", "sqlite/qts"],
        sizes: ALL,
        parts: &["sqlite: change the row of a session", "sqlite: the lock of a call"],
        most: Most::Times(1.5),
        why: LOCK,
    },
    Limit {
        calls: &["sqlite/pts of a channel", "sqlite/a peer"],
        sizes: ALL,
        parts: &[
            "sqlite: change the rows of a session and of a peer",
            "sqlite: the lock of a call",
        ],
        most: Most::Times(1.5),
        why: TWO_ROWS,
    },
    Limit {
        calls: &["sqlite/start: open, load", "sqlite/load"],
        sizes: LARGE,
        parts: &["sqlite: step through all rows"],
        most: Most::Times(1.4),
        why: EVERY_ROW,
    },
    Limit {
        calls: &["sqlite/load"],
        sizes: SMALL,
        parts: &["sqlite: step through all rows"],
        most: Most::Times(1.8),
        why: EVERY_ROW,
    },
    Limit {
        calls: &["sqlite/start: open, load", "sqlite/first save"],
        sizes: SMALL,
        parts: &[],
        most: Most::Nanoseconds(3.5e6),
        why: OPENING,
    },
    Limit {
        calls: &["native/encode", "native/decode"],
        sizes: SMALL,
        parts: &[],
        most: Most::Nanoseconds(1.2e3),
        why: CHECKED,
    },
    Limit {
        calls: &["memory/load"],
        sizes: SMALL,
        parts: &["copy a session"],
        most: Most::Times(2.0),
        why: ENGINE,
    },
    Limit {
        calls: &["memory/pts of a channel", "memory/a peer"],
        sizes: SMALL,
        parts: THREAD,
        most: Most::Nanoseconds(1.5e3),
        why: ENGINE,
    },
    Limit {
        calls: &["memory/save, 10 peers changed"],
        sizes: SMALL,
        parts: THREAD,
        most: Most::Nanoseconds(3e3),
        why: ENGINE,
    },
    Limit {
        calls: &["memory/load", "memory/save, 10 peers changed"],
        sizes: LARGE,
        parts: &["copy a session"],
        most: Most::Times(1.2),
        why: "It is a copy of the session, no more; what 0.6.6 does is the same.",
    },
    Limit {
        calls: &["memory/pts of a channel", "memory/a peer"],
        sizes: (20_000, 20_000),
        parts: THREAD,
        most: Most::Nanoseconds(250.0),
        why: "A lock and two look-ups are what is left; 0.6.6 searches a list, and the one that it searches here is \
              short (a tenth of the peers are channels).",
    },
    Limit {
        calls: &[
            "string/pts, date, seq",
            "string/qts",
            "string/pts of a channel",
            "string/a peer",
            "string/salt of a DC",
            "string/new key of a DC",
            "string/home DC",
            "string/pts after a save",
            "string/a peer after a save",
        ],
        sizes: SMALL,
        parts: THREAD,
        most: Most::Nanoseconds(1.5e3),
        why: SMALL_SESSION,
    },
    Limit {
        calls: &["string/save, 10 peers changed"],
        sizes: SMALL,
        parts: THREAD,
        most: Most::Nanoseconds(2.5e3),
        why: ORDERED,
    },
    Limit {
        calls: &["sqlite/save, 10 peers changed"],
        sizes: (0, 0),
        parts: &["sqlite: change the row of a session", "sqlite: the lock of a call"],
        most: Most::Times(1.6),
        why: "There are no peers: it is a transaction and a lock.",
    },
    Limit {
        calls: &["file/pts, date, seq", "file/qts", "file/pts of a channel", "file/a peer"],
        sizes: SMALL,
        parts: CALLS,
        most: Most::Nanoseconds(20e3),
        why: SMALL_SESSION,
    },
    Limit {
        calls: &[
            "file/save, 10 peers changed",
            "file/save, 10 peers changed, in the order of a new start",
        ],
        sizes: SMALL,
        parts: CALLS,
        most: Most::Nanoseconds(25e3),
        why: SMALL_SESSION,
    },
];

const FIRST_TOUCH: &str = "The system gives a new process its memory page by page: to read the 4 MB of the file and to fill the 5 MB of a \
    session, with nothing decoded or checked, takes most of it.";
const INDEX_GROWS: &str = "Nothing is searched: a lock and a look-up, which at 200,000 records waits for memory where a \
    small one stays in the cache of the processor.";

/// By how many times each may miss its bar at most.
const OTHERS: [(&str, f64, &str); 3] = [
    ("memory: pts of a channel", 1.5, INDEX_GROWS),
    ("memory: a peer", 2.0, INDEX_GROWS),
    (
        "file: start in a new process, with a long journal",
        12.0,
        "A long journal may take a quarter of the room of its base, a change of a peer for about every fifth that is stored: each is \
         read, checked and gathered, and then every record is looked up among them. `checkpoint()` and every login make it short.",
    ),
];

/// Why a call is slower than that of 0.6.6, where it is one of these.
pub(crate) fn slower(name: &str) -> Option<&'static str> {
    SLOWER.iter().find(|(names, _)| names.contains(&name)).map(|(_, why)| *why)
}

const SLOWER: [(&[&str], &str); 17] = [
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
            "file/start in a new process",
            "file/start in a new process, with a long journal",
        ],
        "Checks the checksums, and replays the journal; 0.6.6 reads the bytes and has no journal.",
    ),
    (
        &["file/first counters after a start"],
        "Once for a program: the first call that writes opens the lock and reads the file again, under it.",
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
        "Whether it is another key is looked at first; then the row, which has a checksum, is written as a whole, in a transaction with \
         the version of the session, under the lock.",
    ),
    (
        &[
            "sqlite/first save",
            "sqlite/start: open, load",
            "sqlite/start in a new process",
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
            "memory/granular calls, nothing changed",
            "memory/a peer",
            "memory/home DC",
            "memory/new key of a DC",
            "memory/pts after a save",
            "memory/a peer after a save",
            "memory/pts of a channel",
            "memory/pts, date, seq",
            "memory/qts",
            "memory/salt of a DC",
            "memory/delete",
            "string/delete",
            "memory/load",
        ],
        "A number of nanoseconds that does not grow with the session: the engine between the call and the store, which keeps the promises \
         (version, deadline, errors that say where).",
    ),
    (
        &[
            "memory/save, 10 peers changed",
            "memory/save, nothing changed",
            "memory/save, 10 peers changed, in the order of a new start",
        ],
        COMPARED,
    ),
    (
        &["sqlite/first counters after a start"],
        "Once for a program: the first call that writes makes its statement, which is kept, opens the lock, and looks at the \
         rights of three files.",
    ),
    (
        &["native/encode as a string"],
        "Ours takes the memory that it needs, 0.6.6 takes twice as much and again as it grows. What an allocator does \
         with that after a call decides: glibc gives ours back to the system (1,100 page faults a call at 60,000 peers, 9 in 0.6.6; \
         14.5 million instructions, 16.3 in 0.6.6).",
    ),
    (
        &["native/decode", "native/encode", "native/decode a string"],
        "The checksum over all bytes is in this time; 0.6.6 has none.",
    ),
];
