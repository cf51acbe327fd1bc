//! Of files on a disk, where what has to survive a power cut waits for it.

use super::super::texts::{EVERY_ROW, LOCK, TWO_ROWS};
use super::{
    Calls, FIRST_STATEMENT, FOUND_AND_COMPARED, NEVER, ONCE_LOOKED_UP, REPLAYED, SALTS, SCHEMA,
};

pub(super) const SLOWER: &[(Calls, &str)] = &[
    (
        &[
            ("file/first save", 50.0, 15.0),
            ("file/new key of a DC", 10.3, 3.5),
            ("file/home DC", 11.0, 3.3),
            ("sqlite/first save", 4.3, NEVER),
            ("sqlite/new key of a DC", 52.0, 56.0),
            ("sqlite/home DC", 63.0, 65.0),
        ],
        "Waits for the disk: fsync, which 0.6.6 does not. So it is there after a power cut.",
    ),
    (
        &[("file/delete", 98.0, 39.0), ("sqlite/delete", 45.0, 100.0)],
        "Waits for the disk: fsync, which 0.6.6 does not. No key is left in a file: the kept generation and the database's \
         log go too, and that is so after a power cut. 0.6.6 unlinks one file, and leaves the keys in a database.",
    ),
    (
        &[
            ("file/load", 3.4, 2.0),
            ("file/load, with a long journal", 137.0, 22.0),
            ("file/start: open, load", 4.2, 2.8),
            ("file/start, with a long journal", 137.0, 22.0),
            ("file/start in a new process", 6.6, 2.6),
            ("file/start in a new process, with a long journal", 35.0, 9.0),
        ],
        REPLAYED,
    ),
    (&[("file/first save after a start", 2.5, 5.4)], ONCE_LOOKED_UP),
    (
        &[
            ("sqlite/pts of a channel", 3.3, 4.1),
            ("sqlite/a peer", 2.3, 3.4),
            ("sqlite/a new peer", 2.1, 2.3),
            ("sqlite/a peer after a save", 3.1, NEVER),
        ],
        TWO_ROWS,
    ),
    (
        &[
            ("sqlite/pts, date, seq", 2.4, 2.0),
            ("sqlite/qts", 2.0, 2.5),
            ("sqlite/pts after a save", 2.7, NEVER),
        ],
        LOCK,
    ),
    (
        &[
            ("sqlite/salt of a DC", 4.9, 6.8),
            ("sqlite/save, 10 peers and 5 salts changed", 2.6, NEVER),
        ],
        SALTS,
    ),
    (
        &[("sqlite/start: open, load", 4.9, 2.0), ("sqlite/start in a new process", 3.7, 2.5)],
        SCHEMA,
    ),
    (&[("sqlite/load", 2.0, 2.9)], EVERY_ROW),
    (&[("sqlite/first save after a start", 4.8, NEVER)], FOUND_AND_COMPARED),
    (&[("sqlite/first counters after a start", 3.3, 2.8)], FIRST_STATEMENT),
];
