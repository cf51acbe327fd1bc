//! Of files in memory, and of what has no files.

use super::super::texts::{ANOTHER_ORDER, COMPARED, EVERY_ROW, LOCK, TWO_ROWS};
use super::{
    Calls, FIRST_STATEMENT, FOUND_AND_COMPARED, NEVER, ONCE_LOOKED_UP, REPLAYED, SALTS, SCHEMA,
};

pub(super) const SLOWER: &[(Calls, &str)] = &[
    (
        &[
            ("file/first save", 10.4, 5.4),
            ("file/new key of a DC", 5.5, 1.7),
            ("file/home DC", 5.5, 2.0),
        ],
        "Safe against a power cut: a new file, an fsync of it and of its folder, and the generation before it is kept. \
         0.6.6 writes a file and renames it.",
    ),
    (
        &[
            ("file/load", 2.4, 2.4),
            ("file/load, with a long journal", 120.0, 14.5),
            ("file/start: open, load", 2.4, 1.9),
            ("file/start, with a long journal", 105.0, 19.0),
            ("file/start in a new process", 5.4, 2.0),
            ("file/start in a new process, with a long journal", 31.5, 7.0),
        ],
        REPLAYED,
    ),
    (
        &[("file/first counters after a start", 1.8, NEVER)],
        "Once for a program: the first call that writes opens the lock, reads the file again, under it, and makes records of what was loaded.",
    ),
    (&[("file/first save after a start", 2.6, 6.0)], ONCE_LOOKED_UP),
    (
        &[
            ("file/save, 10 peers changed, in another order", 3.3, 2.1),
            ("memory/save, 10 peers changed, in another order", 1.4, 1.4),
        ],
        ANOTHER_ORDER,
    ),
    (
        &[("file/delete", 10.1, 3.3), ("sqlite/delete", 11.7, 65.0)],
        "No key is left in a file: the kept generation and the database's log go too, and that is so after a power \
         cut. 0.6.6 unlinks one file, and leaves the keys in a database.",
    ),
    (
        &[
            ("sqlite/pts of a channel", 2.3, 2.2),
            ("sqlite/a peer", 1.8, 1.9),
            ("sqlite/a new peer", 1.8, 1.8),
            ("sqlite/a peer after a save", 1.4, NEVER),
        ],
        TWO_ROWS,
    ),
    (
        &[
            ("sqlite/pts, date, seq", 1.4, 1.4),
            ("sqlite/qts", 1.5, 1.6),
            ("sqlite/pts after a save", 1.5, NEVER),
        ],
        LOCK,
    ),
    (
        &[("sqlite/new key of a DC", 5.5, 6.6), ("sqlite/home DC", 6.3, 7.2)],
        "Safe against a power cut: the page goes into the log, and from there into the database at once, with \
         fsyncs, and what is there is checked; the table of system calls counts them. 0.6.6 writes to the log and waits \
         for nothing.",
    ),
    (
        &[
            ("sqlite/salt of a DC", 4.2, 4.2),
            ("sqlite/save, 10 peers and 5 salts changed", 1.5, NEVER),
        ],
        SALTS,
    ),
    (
        &[
            ("sqlite/first save", 2.3, NEVER),
            ("sqlite/start: open, load", 2.1, 1.5),
            ("sqlite/start in a new process", 2.1, 1.6),
        ],
        SCHEMA,
    ),
    (
        &[
            ("file/save, 10 peers changed", 1.8, NEVER),
            ("file/save, 10 peers changed, in the order of a new start", 1.8, NEVER),
            ("file/save, 10 peers and 5 salts changed", 2.9, NEVER),
            ("file/save, 10 peers come and 10 go", 2.3, NEVER),
        ],
        "Of few peers or none: the system calls of a lock and of looking whether the file is still the one that was left. \
         0.6.6 writes some hundred bytes anew, and no other process can tell.",
    ),
    (&[("sqlite/load", 1.5, 1.6)], EVERY_ROW),
    (&[("sqlite/first save after a start", 1.5, NEVER)], FOUND_AND_COMPARED),
    (
        &[
            ("memory/save, 10 peers changed", 1.45, 1.45),
            ("memory/save, 10 peers and 5 salts changed", 1.6, 1.45),
            ("memory/save, nothing changed", 1.4, 1.45),
            ("memory/save, 10 peers changed, in the order of a new start", 1.4, 1.4),
        ],
        COMPARED,
    ),
    (
        &[
            ("memory/save, 10 peers come and 10 go", 6.5, 2.5),
            ("string/save, 10 peers come and 10 go", 2.2, NEVER),
        ],
        "Peers that came and went are changed one by one, and the place of each is kept known; 0.6.6 copies all, and searches all \
         of it in the next call.",
    ),
    (&[("sqlite/first counters after a start", 2.8, 2.6)], FIRST_STATEMENT),
    (
        &[("native/encode as a string", 1.4, 3.0)],
        "Ours takes the memory that it needs, 0.6.6 takes twice as much and again as it grows. What an allocator does \
         with that after a call decides: glibc gives ours back to the system after each call, so that each call touches \
         new pages.",
    ),
    (
        &[
            ("native/decode", 1.9, 1.8),
            ("native/encode", 1.4, 1.6),
            ("native/decode a string", 1.7, 1.7),
            ("string/save, then current()", 1.7, 1.5),
            ("string/start: from a string, load", NEVER, 1.7),
        ],
        "The checksum over all bytes is in this time; 0.6.6 has none.",
    ),
];
