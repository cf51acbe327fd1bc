//! The session as the client sees it: what must outlive a process.
//!
//! These types are frozen. The client builds them by literal and moves fields
//! out of them, so no field comes or goes, none is `#[non_exhaustive]`, and
//! none implements `Drop`.

mod dc;
mod peer;
mod redact;
#[cfg(feature = "serde")]
mod serde_key;
mod session;
mod stats;
mod updates;

pub use dc::{DcEntry, DcFlags, default_dc_addresses};
pub use peer::{CachedMinPeer, CachedPeer, ChannelKind};
pub use session::PersistedSession;
pub use stats::SessionStats;
pub use updates::{UpdateStateChange, UpdatesStateSnap};

pub(crate) use redact::Redacted;
