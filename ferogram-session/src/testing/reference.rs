use crate::{
    CachedMinPeer, CachedPeer, DcEntry, PersistedSession, SessionBackend, UpdateStateChange,
};
use std::collections::BTreeMap;
use std::io;

/// The laws, written out on a plain session as simply as they can be: what
/// every backend is compared with. It shares no code with the backends.
///
/// What it holds is always in normal form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reference {
    stored: Option<PersistedSession>,
}

impl Reference {
    /// A store in which nothing was saved yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A store that holds `session`.
    #[must_use]
    pub fn holding(session: &PersistedSession) -> Self {
        Self { stored: Some(normal(session)) }
    }

    /// What `load` must give.
    #[must_use]
    pub fn stored(&self) -> Option<&PersistedSession> {
        self.stored.as_ref()
    }

    /// Makes a call, as a backend would.
    pub fn call(&mut self, call: &Call) {
        match call {
            Call::Save(session) => self.stored = Some(normal(session)),
            Call::Delete => self.stored = None,
            Call::SetHomeDc(dc_id) => self.session().home_dc_id = *dc_id,
            Call::UpdateDc(entry) => {
                let dcs = &mut self.session().dcs;
                dcs.retain(|dc| dc_identity(dc) != dc_identity(entry));
                dcs.push(entry.clone());
                dcs.sort_by_key(dc_identity);
            }
            Call::Update(update) => {
                let state = &mut self.session().updates_state;
                match update {
                    UpdateStateChange::All(all) => {
                        *state = all.clone();
                        state.channels = normal_channels(&all.channels);
                    }
                    UpdateStateChange::Primary { pts, date, seq } => {
                        state.pts = *pts;
                        state.date = *date;
                        state.seq = *seq;
                    }
                    UpdateStateChange::Secondary { qts } => state.qts = *qts,
                    UpdateStateChange::Channel { id, pts } => {
                        state.channels.push((*id, *pts));
                        state.channels = normal_channels(&state.channels);
                    }
                }
            }
            Call::CachePeer(peer) => {
                let peers = &mut self.session().peers;
                let mut peer = peer.clone();
                match peers.binary_search_by_key(&peer_identity(&peer), peer_identity) {
                    Ok(at) => {
                        if peer.access_hash == 0 {
                            peer.access_hash = peers[at].access_hash;
                        }
                        peers[at] = peer;
                    }
                    Err(at) => peers.insert(at, peer),
                }
            }
        }
    }

    fn session(&mut self) -> &mut PersistedSession {
        self.stored.get_or_insert_default()
    }
}

/// A call that changes what is stored.
#[derive(Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant)] // There are a few at a time, written by hand.
pub enum Call {
    /// [`SessionBackend::save`]
    Save(Box<PersistedSession>),
    /// [`SessionBackend::delete`]
    Delete,
    /// [`SessionBackend::update_dc`]
    UpdateDc(DcEntry),
    /// [`SessionBackend::set_home_dc`]
    SetHomeDc(i32),
    /// [`SessionBackend::apply_update_state`]
    Update(UpdateStateChange),
    /// [`SessionBackend::cache_peer`]
    CachePeer(CachedPeer),
}

impl Call {
    /// Makes the call on a backend.
    ///
    /// # Errors
    ///
    /// Those of the backend.
    pub fn make(&self, backend: &dyn SessionBackend) -> io::Result<()> {
        match self {
            Self::Save(session) => backend.save(session),
            Self::Delete => backend.delete(),
            Self::UpdateDc(entry) => backend.update_dc(entry),
            Self::SetHomeDc(dc_id) => backend.set_home_dc(*dc_id),
            Self::Update(update) => backend.apply_update_state(update.clone()),
            Self::CachePeer(peer) => backend.cache_peer(peer),
        }
    }
}

/// The one form that all sessions with the same content share.
pub(super) fn normal(session: &PersistedSession) -> PersistedSession {
    let mut dcs: Vec<DcEntry> = Vec::new();
    for dc in &session.dcs {
        match dcs.iter_mut().find(|kept| dc_identity(kept) == dc_identity(dc)) {
            None => dcs.push(dc.clone()),
            // The first stays, unless only the later one has a key.
            Some(kept) if kept.auth_key.is_none() && dc.auth_key.is_some() => *kept = dc.clone(),
            Some(_) => {}
        }
    }
    dcs.sort_by_key(dc_identity);

    let mut peers: BTreeMap<_, &CachedPeer> = BTreeMap::new();
    for peer in &session.peers {
        let kept = peers.entry(peer_identity(peer)).or_insert(peer);
        // The last stays, unless it has no access hash and the earlier has.
        if peer.access_hash != 0 || kept.access_hash == 0 {
            *kept = peer;
        }
    }
    let min_peers: BTreeMap<i64, &CachedMinPeer> =
        session.min_peers.iter().map(|min_peer| (min_peer.user_id, min_peer)).collect();

    let mut updates_state = session.updates_state.clone();
    updates_state.channels = normal_channels(&updates_state.channels);
    PersistedSession {
        home_dc_id: session.home_dc_id,
        dcs,
        updates_state,
        peers: peers.into_values().cloned().collect(),
        min_peers: min_peers.into_values().cloned().collect(),
        future_auth_token: session.future_auth_token.clone(),
    }
}

/// The last pts of each channel.
fn normal_channels(channels: &[(i64, i32)]) -> Vec<(i64, i32)> {
    channels.iter().copied().collect::<BTreeMap<_, _>>().into_iter().collect()
}

/// Number and class bits: `IPV6`, `MEDIA_ONLY`, `CDN`.
pub(super) fn dc_identity(dc: &DcEntry) -> (i32, u8) {
    (dc.dc_id, dc.flags.0 & 0b1011)
}

/// Kind and number; the kind is the first that applies.
pub(super) fn peer_identity(peer: &CachedPeer) -> (&'static str, i64) {
    let kind = match (peer.is_community, peer.is_chat, peer.is_channel) {
        (true, _, _) => "community",
        (_, true, _) => "chat",
        (_, _, true) => "channel",
        _ => "user",
    };
    (kind, peer.id)
}
