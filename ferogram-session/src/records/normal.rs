use super::table::Row;
use crate::data::{DcEntry, PersistedSession};
use std::borrow::Borrow;

/// See [`PersistedSession::normalize`].
pub(crate) fn normalize(session: &mut PersistedSession) {
    normalize_dcs(&mut session.dcs);
    sort_rows(&mut session.updates_state.channels);
    sort_rows(&mut session.peers);
    sort_rows(&mut session.min_peers);
}

/// Sorts addresses by (dc, class) and keeps one of each. The main IPv4 address
/// of a datacentre has class 0 and so comes first: the client takes the first
/// entry of its home DC.
pub(super) fn normalize_dcs<D: Borrow<DcEntry>>(dcs: &mut Vec<D>) {
    let id = |dc: &D| dc_id(dc.borrow());
    if dcs.windows(2).all(|pair| id(&pair[0]) < id(&pair[1])) {
        return;
    }
    // Stable, and keyed entries before the others: the first of each identity
    // is the one to keep.
    dcs.sort_by_key(|dc| (id(dc), dc.borrow().auth_key.is_none()));
    dcs.dedup_by_key(|dc| id(dc));
}

/// The same of addresses that stay where they are: a client lists them in any order,
/// and each holds a key, which is a good deal to move.
pub(super) fn normal_dcs(dcs: &[DcEntry]) -> Vec<&DcEntry> {
    let mut normal = dcs.iter().collect();
    normalize_dcs(&mut normal);
    normal
}

pub(super) fn dc_id(dc: &DcEntry) -> (i32, u8) {
    (dc.dc_id, dc.flags.class())
}

fn sort_rows<T: Row>(rows: &mut Vec<T>) {
    rows.sort_by_key(Row::id);
    rows.dedup_by(|later, earlier| {
        let same = later.id() == earlier.id();
        if same && later.supersedes(earlier) {
            std::mem::swap(later, earlier);
        }
        same
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{CachedPeer, DcFlags};

    fn dc(id: i32, flags: u8, key: Option<u8>) -> DcEntry {
        let mut dc = DcEntry::from_parts(id, "127.0.0.1", 443, DcFlags(flags));
        dc.auth_key = key.map(|byte| [byte; 256]);
        dc
    }

    #[test]
    fn the_keyed_address_wins_and_the_main_one_leads() {
        let mut session = PersistedSession {
            dcs: vec![dc(2, 2, Some(1)), dc(2, 0, None), dc(2, 16, Some(2)), dc(2, 4, Some(3))],
            ..Default::default()
        };
        session.normalize();
        assert_eq!(session.dcs, [dc(2, 16, Some(2)), dc(2, 2, Some(1))]);
    }

    #[test]
    fn a_hash_beats_none_and_the_last_of_equals_wins() {
        let peer = |hash, is_channel| CachedPeer {
            id: 7,
            access_hash: hash,
            is_channel,
            is_chat: false,
            channel_kind: None,
            is_community: false,
        };
        let mut session = PersistedSession {
            peers: vec![peer(5, false), peer(9, true), peer(6, false), peer(0, false)],
            ..Default::default()
        };
        session.normalize();
        assert_eq!(session.peers, [peer(6, false), peer(9, true)]);
    }
}
