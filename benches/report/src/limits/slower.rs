//! Why a call is slower than that of 0.6.6, and up to how many times as long as that
//! it may take for this to be the reason. There are two ceilings, for few peers and for
//! many: what is slow in an empty session is often none of it in a large one. Most are
//! about one and a half times what results.md shows (on a disk, which is noisy, twice
//! that); a test holds them to 4 and 6 times (`ceilings.rs`). Where 0.6.6 does next to
//! nothing it is so many nanoseconds more: how many times as long depends on the processor.

mod added;
mod disk;
mod memory;

use crate::results::Place;

/// Up to here a session has few peers.
pub(crate) const FEW: usize = 1_000;

/// A call, and its ceilings: with few peers, with many.
pub(super) type Calls = &'static [(&'static str, f64, f64)];

/// A ceiling where ours is faster: if it is slower after all, there is no reason.
const NEVER: f64 = 0.0;

/// How far a reason reaches.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Reach {
    /// So many times as long.
    Times(f64),
    /// So many nanoseconds more.
    More(f64),
}

/// The reason for a call that takes so many times as long, and so many nanoseconds more;
/// and how far it reaches.
pub(crate) fn slower(
    place: Place,
    name: &str,
    size: usize,
    times: f64,
    more: f64,
) -> Option<(&'static str, Reach)> {
    let reason = of(place).iter().find_map(|(calls, why)| {
        let most = calls.iter().filter(|(call, ..)| *call == name);
        let mut most = most.map(|(_, few, many)| if size <= FEW { *few } else { *many });
        Some((*why, Reach::Times(most.find(|most| times <= *most)?)))
    });
    reason.or_else(|| {
        added(place).iter().find_map(|(calls, why)| {
            let (_, most) = calls.iter().find(|(call, most)| *call == name && more <= *most)?;
            Some((*why, Reach::More(*most)))
        })
    })
}

/// A call, and its ceiling in nanoseconds.
pub(super) type Added = &'static [(&'static str, f64)];

pub(super) fn added(place: Place) -> &'static [(Added, &'static str)] {
    match place {
        Place::Memory => added::ADDED,
        Place::Disk => &[],
    }
}

pub(super) fn of(place: Place) -> &'static [(Calls, &'static str)] {
    match place {
        Place::Memory => memory::SLOWER,
        Place::Disk => disk::SLOWER,
    }
}

const REPLAYED: &str =
    "Checks the checksums, and replays the journal; 0.6.6 reads the bytes and has no journal.";
const ONCE_LOOKED_UP: &str = "What was loaded is made records of once more, with an index, and as they come in another order each is looked \
    up. From then on the client's order is known.";
const FOUND_AND_COMPARED: &str = "The records that were loaded come in another order: each is found and compared, and then the rows that changed \
    are found in the database.";
const SALTS: &str = "Whether it is another key is looked at first; then the row, which has a checksum, is written as a whole, in a transaction with \
    the version of the session, under the lock.";
const SCHEMA: &str = "Opening takes the lock and looks for the schema, and for tables of 0.6.6, which are taken over.";
const FIRST_STATEMENT: &str = "Once for a program: the first call that writes makes its statement, which is kept, opens the lock, and looks at the \
    rights of three files.";
