//! Waiting with a deadline, which std's locks do not have.

mod call;
pub(crate) mod locks;
#[cfg(feature = "testing")]
mod meanwhile;
mod timed;
mod turn;

pub use call::deadline_after;
pub(crate) use call::{Call, deadline};
#[cfg(feature = "testing")]
pub(crate) use call::{last_compared, within};
#[cfg(feature = "testing")]
pub(crate) use meanwhile::{before_write, meanwhile};
pub(crate) use timed::{Timed, TimedGuard};
pub(crate) use turn::Turn;

use std::time::Duration;

/// How long any call waits before it gives up with `TimedOut`, unless a store
/// says otherwise.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);
