use super::Records;
use crate::data::{CachedMinPeer, CachedPeer, DcEntry, PersistedSession, UpdatesStateSnap};

/// What a session consists of, borrowed from one or from records: for whoever
/// reads all of it, an encoder above all.
#[derive(Clone, Copy)]
pub(crate) struct Parts<'a> {
    pub(crate) home_dc: i32,
    pub(crate) dcs: &'a [DcEntry],
    pub(crate) pts: i32,
    pub(crate) qts: i32,
    pub(crate) date: i32,
    pub(crate) seq: i32,
    pub(crate) channels: &'a [(i64, i32)],
    pub(crate) peers: &'a [CachedPeer],
    pub(crate) min_peers: &'a [CachedMinPeer],
    pub(crate) token: Option<&'a [u8]>,
}

impl<'a> Parts<'a> {
    pub(crate) fn of(session: &'a PersistedSession) -> Self {
        let state = &session.updates_state;
        Self {
            home_dc: session.home_dc_id,
            dcs: &session.dcs,
            pts: state.pts,
            qts: state.qts,
            date: state.date,
            seq: state.seq,
            channels: &state.channels,
            peers: &session.peers,
            min_peers: &session.min_peers,
            token: session.future_auth_token.as_deref(),
        }
    }

    pub(crate) fn of_records(records: &'a Records) -> Self {
        let (pts, date, seq) = records.primary;
        Self {
            home_dc: records.home_dc,
            dcs: &records.dcs,
            pts,
            qts: records.qts,
            date,
            seq,
            channels: records.channels.rows(),
            peers: records.peers.rows(),
            min_peers: records.min_peers.rows(),
            token: records.token.as_deref(),
        }
    }

    pub(crate) fn to_session(self) -> PersistedSession {
        PersistedSession {
            home_dc_id: self.home_dc,
            dcs: self.dcs.to_vec(),
            updates_state: UpdatesStateSnap {
                pts: self.pts,
                qts: self.qts,
                date: self.date,
                seq: self.seq,
                channels: self.channels.to_vec(),
            },
            peers: self.peers.to_vec(),
            min_peers: self.min_peers.to_vec(),
            future_auth_token: self.token.map(<[u8]>::to_vec),
        }
    }
}
