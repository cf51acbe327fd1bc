//! A session as the client hands it over: a few datacentres, and lists in the
//! order of a hash map, which is any order, but the same from save to save.

use ferogram_session::{
    CachedMinPeer, CachedPeer, ChannelKind, DcEntry, DcFlags, PersistedSession, UpdatesStateSnap,
};

/// SplitMix64: the same numbers for both programs.
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

/// A session with so many peers: of each hundred ten channels, one community
/// and five chats, the rest users.
pub(crate) fn client_like(peers: usize) -> PersistedSession {
    let mut rng = Rng::new(42);
    let mut list: Vec<CachedPeer> = (0..peers).map(|nth| peer(nth, rng.next() as i64)).collect();
    let mut channels: Vec<(i64, i32)> = list
        .iter()
        .filter(|peer| peer.is_channel)
        .map(|peer| (peer.id, (rng.next() % 1_000_000) as i32))
        .collect();
    let mut min_peers: Vec<CachedMinPeer> = list
        .iter()
        .step_by(20)
        .map(|peer| CachedMinPeer {
            user_id: peer.id + 5_000_000_000,
            peer_id: peer.id,
            msg_id: (rng.next() % 1_000_000) as i32,
        })
        .collect();
    rng.shuffle(&mut list);
    rng.shuffle(&mut channels);
    rng.shuffle(&mut min_peers);
    let mut dcs = dcs(&mut rng);
    rng.shuffle(&mut dcs);
    PersistedSession {
        home_dc_id: 2,
        dcs,
        updates_state: UpdatesStateSnap {
            pts: 1_000_000,
            qts: 1_000,
            date: 1_700_000_000,
            seq: 1,
            channels,
        },
        peers: list,
        min_peers,
        future_auth_token: None,
    }
}

/// The peer of this number; a channel for each tenth.
pub(crate) fn peer(nth: usize, access_hash: i64) -> CachedPeer {
    let is_channel = nth.is_multiple_of(10);
    let is_chat = nth % 20 == 5;
    let kind = match nth % 30 {
        0 => ChannelKind::Megagroup,
        10 => ChannelKind::Broadcast,
        _ => ChannelKind::Gigagroup,
    };
    CachedPeer {
        id: 1_000_000_007 + nth as i64 * 7_919,
        access_hash: if is_chat { 0 } else { access_hash | 1 },
        is_channel,
        is_chat,
        channel_kind: is_channel.then_some(kind),
        is_community: nth % 100 == 50,
    }
}

/// Five datacentres with keys, an IPv6 address of the home one, and two that
/// serve media.
fn dcs(rng: &mut Rng) -> Vec<DcEntry> {
    let mut dcs = Vec::new();
    for dc_id in 1..=5 {
        let ip = format!("149.154.167.{}", 50 + dc_id);
        dcs.push(dc(dc_id, &ip, DcFlags::NONE, true, rng));
        if dc_id == 2 {
            dcs.push(dc(dc_id, "2001:67c:4e8:f002::a", DcFlags::IPV6, false, rng));
        }
        if dc_id == 2 || dc_id == 4 {
            dcs.push(dc(dc_id, &format!("149.154.165.{dc_id}"), DcFlags::MEDIA_ONLY, false, rng));
        }
    }
    dcs
}

fn dc(dc_id: i32, ip: &str, flags: DcFlags, keyed: bool, rng: &mut Rng) -> DcEntry {
    let mut dc = DcEntry::from_parts(dc_id, ip, 443, flags);
    if keyed {
        dc.auth_key = Some(std::array::from_fn(|_| rng.next() as u8));
        dc.first_salt = rng.next() as i64;
    }
    dc
}

/// What a minute does to a session: ten peers have other access hashes. Where there are no
/// peers, there is another pts alone.
pub(crate) fn change_ten(session: &mut PersistedSession, rng: &mut Rng) {
    for _ in 0..10.min(session.peers.len()) {
        let at = rng.below(session.peers.len());
        session.peers[at].access_hash = rng.next() as i64 | 1;
    }
    session.updates_state.pts += 1;
}

/// The same, and the salts of all datacentres with a key are new.
pub(crate) fn change_ten_and_salts(session: &mut PersistedSession, rng: &mut Rng) {
    change_ten(session, rng);
    for dc in session.dcs.iter_mut().filter(|dc| dc.auth_key.is_some()) {
        dc.first_salt = rng.next() as i64;
    }
}

/// Ten peers come, each at any place of the list, and ten others go. Where there are none
/// at first, ten come, which go the next time.
pub(crate) fn exchange_ten(session: &mut PersistedSession, rng: &mut Rng) {
    for _ in 0..10.min(session.peers.len()) {
        let gone = rng.below(session.peers.len());
        session.peers.remove(gone);
    }
    for _ in 0..10 {
        let at = rng.below(session.peers.len() + 1);
        session.peers.insert(at, new_peer(rng));
    }
}

/// A peer that is not in such a session.
pub(crate) fn new_peer(rng: &mut Rng) -> CachedPeer {
    // Far above the others.
    let id = 1 << 50 | (rng.next() >> 16) as i64;
    CachedPeer { id, ..peer(2, rng.next() as i64) }
}

/// A peer of such a session, with another access hash. (Not a chat: those have
/// none.)
pub(crate) fn seen_again(peers: usize, rng: &mut Rng) -> CachedPeer {
    peer(rng.below(peers.max(1)) / 2 * 2, rng.next() as i64)
}
