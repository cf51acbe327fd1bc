//! Changes against a state that is known: what they come to.

use crate::records::{Change, Record, RecordId, Records};
use std::collections::HashSet;

/// The puts and removals that `changes` come to in a session that holds
/// `stored`; those that change nothing are left out.
pub(super) fn compile(stored: &mut Records, changes: &[Change]) -> Vec<Change> {
    let mut effects = Vec::with_capacity(changes.len());
    for change in changes {
        match change {
            Change::Put(record) => put(stored, record.clone(), &mut effects),
            Change::Remove(id) => remove(stored, *id, &mut effects),
            Change::MergePeer(peer) => {
                let mut peer = peer.clone();
                if peer.access_hash == 0
                    && let Some(known) = stored.peer(peer.kind(), peer.id)
                {
                    peer.access_hash = known.access_hash;
                }
                put(stored, Record::Peer(peer), &mut effects);
            }
            Change::ClearChannels => clear_channels(stored, changes, &mut effects),
        }
    }
    effects
}

fn put(stored: &mut Records, record: Record, effects: &mut Vec<Change>) {
    let same = match stored.get(record.id()) {
        Some(known) => known == record,
        // Zero is what a default session has.
        None => matches!(
            record,
            Record::HomeDc(0) | Record::Qts(0) | Record::Primary { pts: 0, date: 0, seq: 0 }
        ),
    };
    if !same {
        effects.push(Change::Put(record));
    }
}

fn remove(stored: &mut Records, id: RecordId, effects: &mut Vec<Change>) {
    if stored.get(id).is_some() {
        effects.push(Change::Remove(id));
    }
}

/// A channel that is put in the same breath need not be taken away first.
fn clear_channels(stored: &Records, changes: &[Change], effects: &mut Vec<Change>) {
    let put: HashSet<i64> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Put(Record::Channel { id, .. }) => Some(*id),
            _ => None,
        })
        .collect();
    let mut gone: Vec<i64> =
        stored.channel_ids().filter(|channel| !put.contains(channel)).collect();
    gone.dedup();
    effects.extend(gone.into_iter().map(|id| Change::Remove(RecordId::Channel(id))));
}
