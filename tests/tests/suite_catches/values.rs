//! Values that do not come back as they were.

use super::faulty::{Fault, with};
use ferogram_session::{CachedPeer, PersistedSession, SessionBackend, UpdateStateChange};
use std::io;

/// Changes every value on its way in.
struct Value(fn(&mut PersistedSession));

impl Fault for Value {
    fn save(&self, right: &dyn SessionBackend, session: &PersistedSession) -> io::Result<()> {
        let mut session = session.clone();
        (self.0)(&mut session);
        right.save(&session)
    }
}

/// Counters only ever go up.
struct ClampsCounters;

impl ClampsCounters {
    fn clamp(right: &dyn SessionBackend, pts: &mut i32) -> io::Result<()> {
        let stored = right.load()?.map_or(i32::MIN, |session| session.updates_state.pts);
        *pts = stored.max(*pts);
        Ok(())
    }
}

impl Fault for ClampsCounters {
    fn save(&self, right: &dyn SessionBackend, session: &PersistedSession) -> io::Result<()> {
        let mut session = session.clone();
        Self::clamp(right, &mut session.updates_state.pts)?;
        right.save(&session)
    }

    fn apply(&self, right: &dyn SessionBackend, update: UpdateStateChange) -> io::Result<()> {
        match update {
            UpdateStateChange::Primary { mut pts, date, seq } => {
                Self::clamp(right, &mut pts)?;
                right.apply_update_state(UpdateStateChange::Primary { pts, date, seq })
            }
            UpdateStateChange::Channel { id, pts: 0 } => {
                right.apply_update_state(UpdateStateChange::Channel { id, pts: 1 })
            }
            other => right.apply_update_state(other),
        }
    }
}

/// `save` is as careful with access hashes as `cache_peer`.
struct KeepsHashes;

impl Fault for KeepsHashes {
    fn save(&self, right: &dyn SessionBackend, session: &PersistedSession) -> io::Result<()> {
        let mut all = session.clone();
        if let Some(stored) = right.load()? {
            all.peers.splice(0..0, stored.peers);
        }
        all.peers.retain(|peer| {
            session.peers.iter().any(|new| new.kind() == peer.kind() && new.id == peer.id)
        });
        right.save(&all)
    }
}

/// A call that seems to change nothing changes something.
struct Touches;

impl Fault for Touches {
    fn cache_peer(&self, right: &dyn SessionBackend, peer: &CachedPeer) -> io::Result<()> {
        right.cache_peer(&CachedPeer { channel_kind: None, ..peer.clone() })
    }
}

faults! {
    cuts_addresses_off: with(|| Value(|session| {
        session.dcs.iter_mut().for_each(|dc| dc.addr.truncate(dc.addr.len() % 256));
    })) => [law_2_long_addresses]
    tidies_addresses: with(|| Value(|session| {
        session.dcs.iter_mut().for_each(|dc| dc.addr = dc.addr.trim().replace('\\', "/"));
    })) => [law_2_addresses_of_any_text]
    cuts_the_token_off: with(|| Value(|session| {
        if let Some(token) = &mut session.future_auth_token { token.truncate(65_535); }
    })) => [law_2_a_token_of_70_000_bytes]
    takes_an_empty_token_for_none: with(|| Value(|session| {
        session.future_auth_token.take_if(|token| token.is_empty());
    })) => [law_2_an_empty_token_is_a_token law_3_random_calls]
    keeps_numbers_as_floats: with(|| Value(|session| {
        session.peers.iter_mut().for_each(|peer| peer.id = peer.id as f64 as i64);
    })) => [law_2_extreme_numbers]
    keeps_no_negative_numbers: with(|| Value(|session| {
        session.updates_state.qts = session.updates_state.qts.max(0);
    })) => [law_2_extreme_numbers law_3_random_calls]
    keeps_known_flags_only: with(|| Value(|session| {
        session.dcs.iter_mut().for_each(|dc| dc.flags.0 &= 31);
    })) => [law_1_every_combination_of_flags]
    knows_kinds_of_channels_only: with(|| Value(|session| {
        session.peers.iter_mut().filter(|peer| !peer.is_channel).for_each(|peer| {
            peer.channel_kind = None;
        });
    })) => [law_2_every_combination_of_peer_flags]
    takes_a_key_of_zeros_for_none: with(|| Value(|session| {
        session.dcs.iter_mut().for_each(|dc| {
            dc.auth_key.take_if(|key| key.iter().all(|byte| *byte == 0));
        });
    })) => [law_2_keys_of_one_byte_value]
    clamps_counters: with(|| ClampsCounters) => [
        law_2_counters_may_go_back law_3_primary_counters law_3_channel_counters
        law_3_random_calls
    ]
    keeps_hashes_in_save: with(|| KeepsHashes) => [law_2_an_access_hash_may_go]
    forgets_the_kind_of_channel: with(|| Touches) => [
        law_3_calls_that_change_nothing law_3_cache_peer
        law_2_every_combination_of_peer_flags
        law_5_a_granular_call_that_seems_to_change_nothing
    ]
}
