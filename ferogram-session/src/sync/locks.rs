//! Locks and threads: those of std. A check of the orders in which threads may
//! come (`--cfg shuttle`, see `engine/orders.rs`) has others, which hand over
//! to another thread at each step.

#[cfg(all(test, shuttle))]
pub(crate) use shuttle::{sync, thread, thread_local};
#[cfg(not(all(test, shuttle)))]
pub(crate) use std::{sync, thread, thread_local};
