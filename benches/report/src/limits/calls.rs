//! What each call may take, and why it takes longer than its bar. The ceilings are about
//! 1.4 times what results.md shows where they are in parts, which are measured at the
//! same speed of the processor, and 1.6 times where they are in nanoseconds.

use crate::results::Place;

pub(super) struct Limit {
    calls: &'static [&'static str],
    /// From so many peers to so many: what it may take for this to be the reason.
    most: &'static [(Sizes, Most)],
    /// What a call does at least, by the names of the floors.
    pub(super) parts: &'static [&'static str],
    pub(super) why: &'static str,
}

type Sizes = (usize, usize);

#[derive(Clone, Copy)]
pub(super) enum Most {
    /// So many times what the parts take.
    Times(f64),
    Nanoseconds(f64),
}

use Most::{Nanoseconds, Times};

impl Most {
    pub(super) fn nanoseconds(self, parts: f64) -> f64 {
        match self {
            Times(times) => times * parts,
            Nanoseconds(most) => most,
        }
    }
}

impl Limit {
    /// None if it does not concern this call at this size.
    pub(super) fn most(&self, name: &str, size: usize) -> Option<Most> {
        let most = self.most.iter().filter(|_| self.calls.contains(&name));
        most.filter(|((from, to), _)| (*from..=*to).contains(&size)).map(|(_, most)| *most).next()
    }
}

pub(super) fn of(place: Place) -> &'static [Limit] {
    match place {
        Place::Memory => &IN_MEMORY,
        Place::Disk => &ON_A_DISK,
    }
}

/// Up to here 0.6.6 has next to nothing to scan or to write anew.
const SMALL: Sizes = (0, 1_000);
const EMPTY: Sizes = (0, 0);
const THOUSAND: Sizes = (1_000, 1_000);
const TWENTY_THOUSAND: Sizes = (20_000, 20_000);
const MORE: Sizes = (20_001, usize::MAX);
const LARGE: Sizes = (20_000, usize::MAX);
const ALL: Sizes = (0, usize::MAX);

const SMALL_SESSION: &str = "In so small a session 0.6.6 has next to nothing to search, encode or write anew, so the \
    factor cannot be had: what is left of ours is what a call costs at any size, system calls and all.";
const CHECKED: &str = "A fraction of a microsecond at any size: the checksum over all bytes, and the \
    order and the checks of the datacentres, which 0.6.6 leaves out.";
const ENGINE: &str = "A fraction of a microsecond at any size: the engine between the call and the store, which keeps the \
    promises (version, deadline, errors that say where).";
const ORDERED: &str = "Every record of the session is compared, and changes are written one by one: of so few, 0.6.6 \
    copies all as fast.";
pub(super) const COMPARED: &str = "Every record is compared with what is held, so that it stays known where each is found. 0.6.6 copies \
    all, and searches all of it in the next call.";
pub(super) const LOCK: &str = "What SQLite itself does is the same, and takes most of the time (below). Ours adds the system calls of a lock, \
    under which no checkpoint of libSQL's older engine meets a commit.";
pub(super) const TWO_ROWS: &str = "Two rows are written, the record and the version of the session, so two pages; 0.6.6 writes one \
    row, and no other handle can tell. And the system calls for the lock, as for the counters.";
pub(super) const ANOTHER_ORDER: &str = "The client keeps its order from save to save; here each row is found through two places at random, 4 and 24 bytes, and \
    from some 20,000 peers on these do not fit the cache that is nearest to a core. So from there on a save in another \
    order than the last is about as fast as that of 0.6.6, which writes everything, and on a disk faster, but not 4 x.";
pub(super) const EVERY_ROW: &str = "Both read every row through SQLite, a step and a call for each column. A column less, the kind of a peer, \
    would save a tenth, and a kind that has changed would not be seen.";
const OPENING: &str = "Opening takes the lock and looks for the schema, and for tables of 0.6.6, which are taken over; where \
    little is read or written, that is most of it.";

pub(super) const FIRST_TIME: &str = "Some twenty microseconds, once for a program: in a process that has just begun the system brings the \
    code page by page, and ours goes through more of it.";
const LOOKED_UP: &str = "Each record is looked up, which takes longer than the few bytes that 0.6.6 encodes and writes.";

const THREAD: &[&str] = &["take a lock, and look at the thread"];
const CALLS: &[&str] = &["file: the system calls of a change"];
const COMPARE: &[&str] = &["compare all peers", "file: the system calls of a change"];
const LOOK_UP: &[&str] = &["look all peers up", "file: the system calls of a change"];
const COPY: &[&str] = &["copy a session"];
const ONE_ROW: &[&str] = &["sqlite: change the row of a session", "sqlite: the lock of a call"];
const BOTH_ROWS: &[&str] =
    &["sqlite: change the rows of a session and of a peer", "sqlite: the lock of a call"];
const STEPS: &[&str] = &["sqlite: step through all rows"];

const IN_MEMORY: [Limit; 28] = [
    Limit {
        calls: &[
            "file/save, 10 peers changed",
            "file/save, 10 peers changed, in the order of a new start",
        ],
        most: &[(LARGE, Times(1.6))],
        parts: COMPARE,
        why: "The client hands over the whole session, and each record of it is compared with what is stored: that \
              grows with the session. 0.6.6 encodes all of it and writes it, which a file system in memory takes for \
              little more than a copy; on a disk it is compared by itself.",
    },
    Limit {
        calls: &["file/save, 10 peers changed, in another order"],
        most: &[(TWENTY_THOUSAND, Times(2.2)), (MORE, Times(1.5))],
        parts: LOOK_UP,
        why: ANOTHER_ORDER,
    },
    Limit {
        calls: &["file/save, 10 peers changed, in another order"],
        most: &[(SMALL, Times(2.2))],
        parts: LOOK_UP,
        why: LOOKED_UP,
    },
    Limit {
        calls: &["sqlite/pts, date, seq", "sqlite/qts"],
        most: &[(ALL, Times(1.6))],
        parts: ONE_ROW,
        why: LOCK,
    },
    Limit {
        calls: &["sqlite/pts of a channel", "sqlite/a peer", "sqlite/a new peer"],
        most: &[(ALL, Times(1.7))],
        parts: BOTH_ROWS,
        why: TWO_ROWS,
    },
    Limit {
        calls: &["sqlite/start: open, load", "sqlite/load"],
        most: &[(LARGE, Times(1.4))],
        parts: STEPS,
        why: EVERY_ROW,
    },
    Limit { calls: &["sqlite/load"], most: &[(SMALL, Times(1.8))], parts: STEPS, why: EVERY_ROW },
    Limit {
        calls: &["sqlite/start: open, load"],
        most: &[(EMPTY, Nanoseconds(420e3)), (THOUSAND, Nanoseconds(1.2e6))],
        parts: &[],
        why: OPENING,
    },
    Limit {
        calls: &["sqlite/first save"],
        most: &[(EMPTY, Nanoseconds(1.35e6)), (THOUSAND, Nanoseconds(3.0e6))],
        parts: &[],
        why: OPENING,
    },
    Limit {
        calls: &["native/decode"],
        most: &[(EMPTY, Nanoseconds(1.2e3))],
        parts: &[],
        why: CHECKED,
    },
    Limit { calls: &["memory/load"], most: &[(SMALL, Times(1.9))], parts: COPY, why: ENGINE },
    Limit {
        calls: &["memory/pts of a channel"],
        most: &[(SMALL, Nanoseconds(120.0))],
        parts: THREAD,
        why: ENGINE,
    },
    Limit {
        calls: &["memory/a peer"],
        most: &[(SMALL, Nanoseconds(180.0))],
        parts: THREAD,
        why: ENGINE,
    },
    Limit {
        calls: &["memory/a new peer"],
        most: &[(SMALL, Nanoseconds(300.0))],
        parts: THREAD,
        why: ENGINE,
    },
    Limit {
        calls: &["memory/save, 10 peers changed"],
        most: &[(EMPTY, Nanoseconds(600.0)), (THOUSAND, Nanoseconds(2.9e3))],
        parts: THREAD,
        why: ENGINE,
    },
    Limit {
        calls: &["memory/load", "memory/save, 10 peers changed"],
        most: &[(LARGE, Times(1.2))],
        parts: COPY,
        why: "It is a copy of the session, no more; what 0.6.6 does is the same.",
    },
    Limit {
        calls: &["memory/pts of a channel"],
        most: &[(TWENTY_THOUSAND, Nanoseconds(150.0))],
        parts: THREAD,
        why: "A lock and two look-ups are what is left; 0.6.6 searches a list, and the one that it searches here is \
              short (a tenth of the peers are channels).",
    },
    Limit {
        calls: &[
            "string/pts, date, seq",
            "string/qts",
            "string/pts of a channel",
            "string/home DC",
        ],
        most: &[(SMALL, Nanoseconds(120.0))],
        parts: THREAD,
        why: SMALL_SESSION,
    },
    Limit {
        calls: &["string/a peer"],
        most: &[(SMALL, Nanoseconds(160.0))],
        parts: THREAD,
        why: SMALL_SESSION,
    },
    Limit {
        calls: &["string/pts after a save", "string/a peer after a save"],
        most: &[(EMPTY, Nanoseconds(220.0)), (THOUSAND, Nanoseconds(270.0))],
        parts: THREAD,
        why: SMALL_SESSION,
    },
    Limit {
        calls: &["string/a new peer"],
        most: &[(SMALL, Nanoseconds(270.0))],
        parts: THREAD,
        why: SMALL_SESSION,
    },
    Limit {
        calls: &["string/salt of a DC", "string/new key of a DC"],
        most: &[(SMALL, Nanoseconds(490.0))],
        parts: THREAD,
        why: SMALL_SESSION,
    },
    Limit {
        calls: &["string/save, 10 peers changed"],
        most: &[(EMPTY, Nanoseconds(550.0)), (THOUSAND, Nanoseconds(2.9e3))],
        parts: THREAD,
        why: ORDERED,
    },
    Limit {
        calls: &["string/save, then current()"],
        most: &[(EMPTY, Nanoseconds(2.4e3)), (THOUSAND, Nanoseconds(30e3))],
        parts: &[],
        why: CHECKED,
    },
    Limit {
        calls: &["string/start: from a string, load"],
        most: &[(EMPTY, Nanoseconds(65e3)), (THOUSAND, Nanoseconds(125e3))],
        parts: &[],
        why: FIRST_TIME,
    },
    Limit {
        calls: &["sqlite/save, 10 peers changed"],
        most: &[(EMPTY, Times(1.9))],
        parts: ONE_ROW,
        why: "There are no peers: it is a transaction and a lock.",
    },
    Limit {
        calls: &[
            "file/pts, date, seq",
            "file/qts",
            "file/pts of a channel",
            "file/a peer",
            "file/a new peer",
        ],
        most: &[(SMALL, Nanoseconds(10.4e3))],
        parts: CALLS,
        why: SMALL_SESSION,
    },
    Limit {
        calls: &[
            "file/save, 10 peers changed",
            "file/save, 10 peers changed, in the order of a new start",
        ],
        most: &[(EMPTY, Nanoseconds(10.2e3)), (THOUSAND, Nanoseconds(14.7e3))],
        parts: CALLS,
        why: SMALL_SESSION,
    },
];

/// The parts are the same there: neither side waits for the disk in these.
const ON_A_DISK: [Limit; 3] = [
    Limit {
        calls: &[
            "file/save, 10 peers changed",
            "file/save, 10 peers changed, in the order of a new start",
        ],
        most: &[(EMPTY, Nanoseconds(10.8e3)), (THOUSAND, Nanoseconds(14.7e3))],
        parts: CALLS,
        why: SMALL_SESSION,
    },
    Limit {
        calls: &["file/save, 10 peers changed, in another order"],
        most: &[(SMALL, Times(2.2))],
        parts: LOOK_UP,
        why: LOOKED_UP,
    },
    Limit {
        calls: &["file/save, 10 peers changed, in another order"],
        most: &[(TWENTY_THOUSAND, Times(2.2)), (MORE, Times(1.5))],
        parts: LOOK_UP,
        why: ANOTHER_ORDER,
    },
];

pub(super) const FIRST_TOUCH: &str = "The system gives a new process its memory page by page: to read the 4 MB of the file and to fill the 5 MB of a \
    session, with nothing decoded or checked, takes most of it.";
const INDEX_GROWS: &str = "Nothing is searched: a lock and a look-up, which at 200,000 records waits for memory where a \
    small one stays in the cache of the processor.";

/// By how many times each may miss its bar at most.
pub(super) const OTHERS: [(&str, f64, &str); 3] = [
    ("memory: pts of a channel", 1.5, INDEX_GROWS),
    ("memory: a peer", 2.0, INDEX_GROWS),
    (
        "file: start in a new process, with a long journal",
        8.0,
        "A long journal may take a quarter of the room of its base, a change of a peer for about every fifth that is stored: each is \
         read, checked and gathered, and then every record is looked up among them. `checkpoint()` and every login make it short.",
    ),
];
