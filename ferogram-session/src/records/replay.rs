use super::{Change, Record, Records};

/// Makes many changes one after the other, as a journal has them.
///
/// They are taken in blocks, and what a block is about is looked at before its
/// first change is made: so the processor waits for many places in memory at a
/// time, and not for one after the other.
pub(crate) struct Replay<'a> {
    records: &'a mut Records,
    block: Vec<Change>,
}

const BLOCK: usize = 64;

impl<'a> Replay<'a> {
    pub(crate) fn of(records: &'a mut Records) -> Self {
        Self { records, block: Vec::with_capacity(BLOCK) }
    }

    pub(crate) fn push(&mut self, change: Change) {
        self.block.push(change);
        if self.block.len() == BLOCK {
            self.make();
        }
    }

    /// Makes those that still wait.
    pub(crate) fn finish(mut self) {
        self.make();
    }

    fn make(&mut self) {
        let records = &mut *self.records;
        for change in &self.block {
            match change {
                Change::Put(Record::Channel { id, .. }) => records.channels.look_ahead(*id),
                Change::Put(Record::Peer(peer)) | Change::MergePeer(peer) => {
                    records.peers.look_ahead((peer.kind(), peer.id));
                }
                Change::Put(Record::MinPeer(peer)) => records.min_peers.look_ahead(peer.user_id),
                _ => {}
            }
        }
        self.block.drain(..).for_each(|change| records.apply(change));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing::{made, source::Source};
    use crate::random::Seeded;

    #[test]
    fn comes_to_the_same_as_one_change_after_the_other() {
        for seed in 0..40 {
            let bytes = Seeded(seed).bytes(4_000);
            let mut source = Source::new(&bytes);
            let session = made::session(&mut source);
            let changes: Vec<_> = (0..seed * 5).map(|_| made::change(&mut source)).collect();
            let mut one_by_one = Records::from(session.clone());
            changes.iter().for_each(|change| one_by_one.apply(change.clone()));
            let mut replayed = Records::from(session);
            let mut replay = Replay::of(&mut replayed);
            changes.into_iter().for_each(|change| replay.push(change));
            replay.finish();
            assert_eq!(replayed.into_session(), one_by_one.into_session(), "{seed}");
        }
    }
}
