//! Random calls, and how they are printed.

use super::reference::Call;
use super::sample::{auth_key, bytes};
use crate::{
    CachedMinPeer, CachedPeer, ChannelKind, DcEntry, DcFlags, PersistedSession, UpdateStateChange,
    UpdatesStateSnap,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any};
use proptest::prop_oneof;
use proptest::sample::select;
use std::fmt;

/// One step of a sequence, through the handle of this number.
#[derive(Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant)] // Most are calls.
pub(crate) enum Step {
    Call {
        handle: usize,
        call: Call,
    },
    /// Loads, and compares.
    Load {
        handle: usize,
    },
    /// Drops the handle and makes it again.
    Reopen {
        handle: usize,
    },
}

/// Sequences of up to 30 steps.
pub(super) fn steps(handles: usize) -> impl Strategy<Value = Vec<Step>> {
    let handle = 0..handles;
    let step = prop_oneof![
        10 => (handle.clone(), call()).prop_map(|(handle, call)| Step::Call { handle, call }),
        2 => handle.clone().prop_map(|handle| Step::Load { handle }),
        1 => handle.prop_map(|handle| Step::Reopen { handle }),
    ];
    vec(step, 1..30)
}

fn call() -> impl Strategy<Value = Call> {
    prop_oneof![
        2 => session().prop_map(|session| Call::Save(Box::new(session))),
        // The same session again is what a careless memory gets wrong.
        2 => select(few()).prop_map(|session| Call::Save(Box::new(session))),
        1 => Just(Call::Delete),
        3 => dc().prop_map(Call::UpdateDc),
        2 => number().prop_map(Call::SetHomeDc),
        4 => update().prop_map(Call::Update),
        4 => peer().prop_map(Call::CachePeer),
    ]
}

/// A counter or the like: near to others, or at an end.
fn number() -> impl Strategy<Value = i32> {
    prop_oneof![4 => 0..4, 1 => select(vec![-1, i32::MIN, i32::MAX])]
}

fn id() -> impl Strategy<Value = i64> {
    prop_oneof![6 => 1..4_i64, 1 => select(vec![0, -1, i64::MIN, i64::MAX])]
}

fn dc() -> impl Strategy<Value = DcEntry> {
    let flags = prop_oneof![
        3 => Just(0),
        1 => Just(16),
        3 => select(vec![1, 2, 4, 8, 17, 18, 20, 11]),
        1 => any::<u8>(),
    ];
    let address = select(vec!["192.0.2.1:443", "198.51.100.1:80", "[2001:db8::1]:443", ""]);
    (1..4, address, option::of(0..3_u64), 0..2_i64, -1..2, flags).prop_map(
        |(dc_id, address, key, first_salt, time_offset, flags)| DcEntry {
            dc_id,
            addr: address.into(),
            auth_key: key.map(auth_key),
            first_salt,
            time_offset,
            flags: DcFlags(flags),
        },
    )
}

fn peer() -> impl Strategy<Value = CachedPeer> {
    let kind = option::of(select(vec![
        ChannelKind::Broadcast,
        ChannelKind::Megagroup,
        ChannelKind::Gigagroup,
    ]));
    let hash = prop_oneof![2 => Just(0), 3 => 1..4_i64, 1 => select(vec![-1, i64::MAX])];
    (id(), hash, any::<(bool, bool, bool)>(), kind).prop_map(
        |(id, access_hash, is, channel_kind)| CachedPeer {
            id,
            access_hash,
            is_channel: is.0,
            is_chat: is.1,
            is_community: is.2,
            channel_kind,
        },
    )
}

fn state() -> impl Strategy<Value = UpdatesStateSnap> {
    (number(), number(), number(), number(), vec((id(), number()), 0..4)).prop_map(
        |(pts, qts, date, seq, channels)| UpdatesStateSnap { pts, qts, date, seq, channels },
    )
}

fn update() -> impl Strategy<Value = UpdateStateChange> {
    prop_oneof![
        2 => state().prop_map(UpdateStateChange::All),
        2 => (number(), number(), number())
            .prop_map(|(pts, date, seq)| UpdateStateChange::Primary { pts, date, seq }),
        2 => number().prop_map(|qts| UpdateStateChange::Secondary { qts }),
        3 => (id(), number()).prop_map(|(id, pts)| UpdateStateChange::Channel { id, pts }),
    ]
}

fn session() -> impl Strategy<Value = PersistedSession> {
    let min_peer = (id(), id(), number()).prop_map(|(user_id, peer_id, msg_id)| CachedMinPeer {
        user_id,
        peer_id,
        msg_id,
    });
    let token = option::of(select(vec![0, 1, 32]).prop_map(|len| bytes(1, len)));
    (number(), vec(dc(), 0..4), state(), vec(peer(), 0..5), vec(min_peer, 0..3), token).prop_map(
        |(home_dc_id, dcs, updates_state, peers, min_peers, future_auth_token)| PersistedSession {
            home_dc_id,
            dcs,
            updates_state,
            peers,
            min_peers,
            future_auth_token,
        },
    )
}

/// Few enough to be met again.
fn few() -> Vec<PersistedSession> {
    let mut small = PersistedSession {
        home_dc_id: 1,
        dcs: vec![super::sample::dc(1, DcFlags::NONE)],
        peers: vec![super::sample::user(1, 1), super::sample::user(2, 0)],
        ..PersistedSession::default()
    };
    small.updates_state.channels = vec![(1, 1)];
    let mut next = small.clone();
    next.updates_state.pts = 1;
    vec![PersistedSession::default(), small, next]
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call { handle, call } => write!(f, "handle {handle}: {call:?}"),
            Self::Load { handle } => write!(f, "handle {handle}: load"),
            Self::Reopen { handle } => write!(f, "handle {handle}: dropped and made again"),
        }
    }
}

/// As short as it can be said. Of a key there is only whether there is one, of
/// an access hash whether it is zero: a call may have come from anywhere.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Save(session) => {
                let state = &session.updates_state;
                write!(f, "save(home DC {}", session.home_dc_id)?;
                list(f, "DCs", &session.dcs, |dc| DcText(dc).to_string())?;
                let counters = (state.pts, state.qts, state.date, state.seq);
                write!(f, ", (pts, qts, date, seq) {counters:?}")?;
                list(f, "channels", &state.channels, |channel| format!("{channel:?}"))?;
                list(f, "peers", &session.peers, |peer| PeerText(peer).to_string())?;
                list(f, "min-peers", &session.min_peers, |min_peer| {
                    format!("{:?}", (min_peer.user_id, min_peer.peer_id, min_peer.msg_id))
                })?;
                match &session.future_auth_token {
                    Some(token) => write!(f, ", token of {} bytes)", token.len()),
                    None => f.write_str(")"),
                }
            }
            Self::Delete => f.write_str("delete()"),
            Self::UpdateDc(dc) => write!(f, "update_dc({})", DcText(dc)),
            Self::SetHomeDc(dc_id) => write!(f, "set_home_dc({dc_id})"),
            Self::Update(update) => write!(f, "apply_update_state({update:?})"),
            Self::CachePeer(peer) => write!(f, "cache_peer({})", PeerText(peer)),
        }
    }
}

/// More than these are counted.
const LISTED: usize = 8;

fn list<T>(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    items: &[T],
    text: impl Fn(&T) -> String,
) -> fmt::Result {
    match items.len() {
        0 => Ok(()),
        1..=LISTED => {
            write!(f, ", {name} [{}]", items.iter().map(text).collect::<Vec<_>>().join("; "))
        }
        count => write!(f, ", {count} {name}"),
    }
}

struct DcText<'a>(&'a DcEntry);

impl fmt::Display for DcText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DcEntry { dc_id, addr, time_offset, flags, .. } = self.0;
        let key = if self.0.auth_key.is_some() { "with a key" } else { "without a key" };
        let len = addr.len();
        let addr: String = addr.chars().take(24).collect();
        write!(
            f,
            "DC {dc_id} flags {:#07b} {addr:?} ({len} bytes) {key} offset {time_offset}",
            flags.0
        )
    }
}

struct PeerText<'a>(&'a CachedPeer);

impl fmt::Display for PeerText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let peer = self.0;
        let (kind, id) = super::reference::peer_identity(peer);
        let hash = if peer.access_hash == 0 { "without a hash" } else { "with a hash" };
        write!(f, "{kind} {id} {hash}")?;
        if let Some(kind) = peer.channel_kind {
            write!(f, " {kind:?}")?;
        }
        if (u8::from(peer.is_channel) + u8::from(peer.is_chat) + u8::from(peer.is_community)) > 1 {
            let is = (peer.is_channel, peer.is_chat, peer.is_community);
            write!(f, " (is_channel, is_chat, is_community) {is:?}")?;
        }
        Ok(())
    }
}
