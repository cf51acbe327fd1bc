//! What 0.6.6 does in a few nanoseconds, because it promises nothing.

use super::super::texts::FIRST_TIME;
use super::Added;

/// About one and a half times what is added on the slower of the processors that this was
/// measured on.
pub(super) const ADDED: &[(Added, &str)] = &[
    (
        &[
            ("memory/granular calls, nothing changed", 680.0),
            ("memory/a peer", 115.0),
            ("memory/a new peer", 100.0),
            ("memory/home DC", 77.0),
            ("memory/new key of a DC", 320.0),
            ("memory/pts of a channel", 80.0),
            ("memory/pts, date, seq", 80.0),
            ("memory/qts", 80.0),
            ("memory/salt of a DC", 320.0),
            ("memory/load", 330.0),
        ],
        "A number of nanoseconds, about the same at any size, is added: the engine between the call and the store, which \
         keeps the promises (version, deadline, errors that say where).",
    ),
    (
        &[
            ("memory/pts after a save", 190.0),
            ("memory/a peer after a save", 110.0),
            ("memory/delete", 340.0),
            ("string/delete", 560.0),
        ],
        "The engine, as without a save before; and both wait for memory that the save has pushed out of the caches of the \
         processor, which is more in a larger session. Ours looks in more places.",
    ),
    (&[("string/start: from a string, load", 80e3)], FIRST_TIME),
];
