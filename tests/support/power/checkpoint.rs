//! Checkpoints, told from a trace: the log is synced, what stands in it is
//! written into the database, and the database is synced.

use super::run::{FILE, LOG};
use super::trace::Event;

/// How far a checkpoint has come.
#[derive(Clone, Copy, Default)]
pub(super) enum Checkpoint {
    #[default]
    None,
    /// The log is synced, with what so many calls wrote before they returned.
    Log(usize),
    /// And it is being written into the database.
    Database(usize),
}

impl Checkpoint {
    /// `returned`: how many calls had before this. If it ends a checkpoint, how
    /// many calls that took along.
    pub(super) fn after(&mut self, event: &Event, returned: usize) -> Option<usize> {
        let before = std::mem::take(self);
        match (before, event) {
            (_, Event::Sync(name)) if name == LOG => *self = Self::Log(returned),
            (Self::Log(calls) | Self::Database(calls), Event::Write(name, ..)) if name == FILE => {
                *self = Self::Database(calls);
            }
            (Self::Database(calls), Event::Sync(name)) if name == FILE => return Some(calls),
            // Somebody writes more meanwhile: what is in the log since is not certain.
            (_, Event::Write(name, ..)) if name == LOG => {}
            // Of the database's own length, say.
            (before, _) => *self = before,
        }
        None
    }
}
