//! Why a call is slower than that of 0.6.6, and up to how many times as long as that
//! it may take for this to be the reason: half as much again as results.md shows
//! where it is the slowest.

use super::calls::{ANOTHER_ORDER, COMPARED, EVERY_ROW, FIRST_TIME, LOCK, TWO_ROWS};

/// The reason for a call that takes so many times as long, and up to how many times it
/// is one.
pub(crate) fn slower(name: &str, times: f64) -> Option<(&'static str, f64)> {
    SLOWER.iter().find_map(|(calls, why)| {
        let (_, most) = calls.iter().find(|(call, most)| *call == name && times <= *most)?;
        Some((*why, *most))
    })
}

const SALTS: &str = "Whether it is another key is looked at first; then the row, which has a checksum, is written as a whole, in a transaction with \
    the version of the session, under the lock.";

type Calls = &'static [(&'static str, f64)];

const SLOWER: [(Calls, &str); 22] = [
    (
        &[("file/first save", 11.4), ("file/new key of a DC", 4.7), ("file/home DC", 4.7)],
        "Safe against a power cut: a new file, an fsync of it and of its folder, and the generation before it is kept. \
         0.6.6 writes a file and renames it.",
    ),
    (
        &[
            ("file/load", 3.2),
            ("file/load, with a long journal", 175.0),
            ("file/start: open, load", 3.0),
            ("file/start, with a long journal", 165.0),
            ("file/start in a new process", 5.3),
            ("file/start in a new process, with a long journal", 37.5),
        ],
        "Checks the checksums, and replays the journal; 0.6.6 reads the bytes and has no journal.",
    ),
    (
        &[("file/first counters after a start", 2.4)],
        "Once for a program: the first call that writes opens the lock and reads the file again, under it.",
    ),
    (
        &[("file/first save after a start", 9.5)],
        "The records that were loaded come in another order: each is looked up once. From then on the client's order \
         is known.",
    ),
    (
        &[
            ("file/save, 10 peers changed, in another order", 2.1),
            ("memory/save, 10 peers changed, in another order", 1.5),
        ],
        ANOTHER_ORDER,
    ),
    (
        &[("file/delete", 9.9), ("sqlite/delete", 61.0)],
        "No key is left in a file: the kept generation and the database's log go too, and that is so after a power \
         cut. 0.6.6 unlinks one file, and leaves the keys in a database.",
    ),
    (
        &[
            ("sqlite/pts of a channel", 2.3),
            ("sqlite/a peer", 1.9),
            ("sqlite/a new peer", 1.9),
            ("sqlite/a peer after a save", 1.5),
        ],
        TWO_ROWS,
    ),
    (
        &[("sqlite/pts, date, seq", 1.4), ("sqlite/qts", 1.5), ("sqlite/pts after a save", 1.9)],
        LOCK,
    ),
    (
        &[("sqlite/new key of a DC", 6.6), ("sqlite/home DC", 6.7)],
        "Safe against a power cut: the page goes into the log, and from there into the database at once, with \
         fsyncs, and what is there is checked; the table of system calls counts them. 0.6.6 writes to the log and waits \
         for nothing.",
    ),
    (&[("sqlite/salt of a DC", 4.2)], SALTS),
    (
        &[
            ("sqlite/first save", 3.0),
            ("sqlite/start: open, load", 2.4),
            ("sqlite/start in a new process", 2.0),
        ],
        "Opening takes the lock and looks for the schema, and for tables of 0.6.6, which are taken over.",
    ),
    (
        &[
            ("file/save, 10 peers changed", 1.7),
            ("file/save, 10 peers changed, in the order of a new start", 1.7),
            ("file/save, 10 peers and 5 salts changed", 3.0),
            ("file/save, 10 peers come and 10 go", 1.7),
        ],
        "Of few peers or none: the system calls of a lock and of looking whether the file is still the one that was left. \
         0.6.6 writes some hundred bytes anew, and no other process can tell.",
    ),
    (&[("sqlite/save, 10 peers and 5 salts changed", 1.7)], SALTS),
    (&[("string/start: from a string, load", 5.0)], FIRST_TIME),
    (&[("sqlite/load", 1.4)], EVERY_ROW),
    (
        &[("sqlite/first save after a start", 1.6)],
        "The records that were loaded come in another order: each is found and compared, and then the rows that changed \
         are found in the database.",
    ),
    (
        &[
            ("memory/granular calls, nothing changed", 5.2),
            ("memory/a peer", 6.4),
            ("memory/a new peer", 6.4),
            ("memory/home DC", 6.0),
            ("memory/new key of a DC", 5.6),
            ("memory/pts of a channel", 5.5),
            ("memory/pts, date, seq", 6.0),
            ("memory/qts", 6.1),
            ("memory/salt of a DC", 5.7),
            ("memory/load", 1.9),
        ],
        "A number of nanoseconds, about the same at any size, is added: the engine between the call and the store, which \
         keeps the promises (version, deadline, errors that say where).",
    ),
    (
        &[
            ("memory/pts after a save", 3.6),
            ("memory/a peer after a save", 2.3),
            ("memory/delete", 2.8),
            ("string/delete", 5.7),
        ],
        "The engine, as without a save before; and both wait for memory that the save has pushed out of the caches of the \
         processor, which is more in a larger session. Ours looks in more places.",
    ),
    (
        &[
            ("memory/save, 10 peers changed", 1.45),
            ("memory/save, 10 peers and 5 salts changed", 1.45),
            ("memory/save, 10 peers come and 10 go", 1.45),
            ("memory/save, nothing changed", 1.45),
            ("memory/save, 10 peers changed, in the order of a new start", 1.4),
        ],
        COMPARED,
    ),
    (
        &[("sqlite/first counters after a start", 3.1)],
        "Once for a program: the first call that writes makes its statement, which is kept, opens the lock, and looks at the \
         rights of three files.",
    ),
    (
        &[("native/encode as a string", 3.0)],
        "Ours takes the memory that it needs, 0.6.6 takes twice as much and again as it grows. What an allocator does \
         with that after a call decides: glibc gives ours back to the system after each call, so that each call touches \
         new pages.",
    ),
    (
        &[
            ("native/decode", 2.3),
            ("native/encode", 1.5),
            ("native/decode a string", 1.75),
            ("string/save, then current()", 2.1),
        ],
        "The checksum over all bytes is in this time; 0.6.6 has none.",
    ),
];
