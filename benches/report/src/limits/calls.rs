//! What each call may take, and why it takes longer than its bar. Most ceilings are about
//! one and a half times what results.md shows, none is more than four times that: a test
//! compares them (`ceilings.rs`). One run is as far from the next as that.

use super::texts::*;
use crate::results::Place;

pub(super) struct Limit {
    pub(super) calls: &'static [&'static str],
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

const THREAD: &[&str] = &["take a lock, and look at the thread"];
const CALLS: &[&str] = &["file: the system calls of a change"];
const COMPARE: &[&str] = &["compare all peers", "file: the system calls of a change"];
const LOOK_UP: &[&str] = &["look all peers up", "file: the system calls of a change"];
const COPY: &[&str] = &["copy a session"];
const ONE_ROW: &[&str] = &["sqlite: change the row of a session", "sqlite: the lock of a call"];
const BOTH_ROWS: &[&str] =
    &["sqlite: change the rows of a session and of a peer", "sqlite: the lock of a call"];
const STEPS: &[&str] = &["sqlite: step through all rows"];

const IN_MEMORY: [Limit; 30] = [
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
        most: &[(TWENTY_THOUSAND, Times(2.3)), (MORE, Times(1.5))],
        parts: LOOK_UP,
        why: ANOTHER_ORDER,
    },
    Limit {
        calls: &["file/save, 10 peers changed, in another order"],
        most: &[(SMALL, Times(2.8))],
        parts: LOOK_UP,
        why: LOOKED_UP,
    },
    Limit {
        calls: &["sqlite/pts, date, seq", "sqlite/qts"],
        most: &[(ALL, Times(2.1))],
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
        most: &[(LARGE, Times(1.7))],
        parts: STEPS,
        why: EVERY_ROW,
    },
    Limit {
        calls: &["sqlite/load"],
        most: &[(THOUSAND, Times(1.6))],
        parts: STEPS,
        why: EVERY_ROW,
    },
    Limit {
        calls: &["sqlite/start: open, load"],
        most: &[(EMPTY, Nanoseconds(550e3)), (THOUSAND, Nanoseconds(900e3))],
        parts: &[],
        why: OPENING,
    },
    Limit {
        calls: &["sqlite/first save"],
        most: &[(EMPTY, Nanoseconds(1.5e6)), (THOUSAND, Nanoseconds(3.0e6))],
        parts: &[],
        why: OPENING,
    },
    Limit {
        calls: &["native/decode"],
        most: &[(EMPTY, Nanoseconds(1.0e3))],
        parts: &[],
        why: CHECKED,
    },
    Limit { calls: &["memory/load"], most: &[(SMALL, Times(1.9))], parts: COPY, why: ENGINE },
    Limit {
        calls: &["memory/pts of a channel"],
        most: &[(SMALL, Nanoseconds(160.0))],
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
        most: &[(SMALL, Nanoseconds(250.0))],
        parts: THREAD,
        why: ENGINE,
    },
    Limit {
        calls: &["memory/save, 10 peers changed"],
        most: &[(EMPTY, Nanoseconds(450.0)), (THOUSAND, Nanoseconds(2.4e3))],
        parts: THREAD,
        why: COMPARED,
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
        most: &[(SMALL, Nanoseconds(240.0))],
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
        most: &[(EMPTY, Nanoseconds(450.0)), (THOUSAND, Nanoseconds(2.6e3))],
        parts: THREAD,
        why: ORDERED,
    },
    Limit {
        calls: &["string/save, then current()"],
        most: &[(EMPTY, Nanoseconds(2.8e3)), (THOUSAND, Nanoseconds(30e3))],
        parts: &[],
        why: CHECKED,
    },
    Limit {
        calls: &["string/start: from a string, load"],
        most: &[(EMPTY, Nanoseconds(65e3)), (THOUSAND, Nanoseconds(155e3))],
        parts: &[],
        why: FIRST_TIME,
    },
    Limit {
        calls: &["sqlite/save, 10 peers changed"],
        most: &[(EMPTY, Times(2.1))],
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
        most: &[(SMALL, Nanoseconds(14e3))],
        parts: CALLS,
        why: SMALL_SESSION,
    },
    Limit {
        calls: &[
            "file/save, 10 peers changed",
            "file/save, 10 peers changed, in the order of a new start",
        ],
        most: &[(EMPTY, Nanoseconds(18e3)), (THOUSAND, Nanoseconds(20e3))],
        parts: CALLS,
        why: SMALL_SESSION,
    },
    Limit {
        calls: &["file/pts after a save", "file/a peer after a save"],
        most: &[(SMALL, Nanoseconds(14e3))],
        parts: CALLS,
        why: SMALL_SESSION,
    },
    Limit {
        calls: &["file/pts after a save", "file/a peer after a save"],
        most: &[(LARGE, Nanoseconds(14e3))],
        parts: CALLS,
        why: AFTER_A_SAVE,
    },
];

/// The parts are the same there: neither side waits for the disk in these.
const ON_A_DISK: [Limit; 3] = [
    Limit {
        calls: &[
            "file/save, 10 peers changed",
            "file/save, 10 peers changed, in the order of a new start",
        ],
        most: &[(EMPTY, Nanoseconds(14e3)), (THOUSAND, Nanoseconds(20e3))],
        parts: CALLS,
        why: SMALL_SESSION,
    },
    Limit {
        calls: &["file/save, 10 peers changed, in another order"],
        most: &[(EMPTY, Times(3.5)), (THOUSAND, Times(2.4))],
        parts: LOOK_UP,
        why: LOOKED_UP,
    },
    Limit {
        calls: &["file/save, 10 peers changed, in another order"],
        most: &[(TWENTY_THOUSAND, Times(3.1)), (MORE, Times(1.5))],
        parts: LOOK_UP,
        why: ANOTHER_ORDER,
    },
];
