//! A session as a set of records, and a change of it as a list of effects.
//!
//! [`Records::apply`] *is* the law of what a granular call does: every storage
//! mode is tested against it. [`difference`] is what a `save` has to write.

mod change;
mod compare;
mod difference;
mod id;
mod index;
mod iter;
mod normal;
mod parts;
mod replay;
mod seen;
mod set;
mod table;

pub use change::{Change, Write};
pub use id::{PeerKind, Record, RecordId, Secret};
pub use set::Records;

pub(crate) use change::with_update;
pub(crate) use difference::difference;
pub(crate) use normal::normalize;
pub(crate) use parts::Parts;
pub(crate) use replay::Replay;
