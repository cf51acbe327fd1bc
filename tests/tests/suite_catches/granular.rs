//! Granular calls that do not do what load, change and save would.

use super::faulty::{Fault, with};
use ferogram_session::{CachedPeer, DcEntry, PersistedSession, SessionBackend, UpdateStateChange};
use std::io;

/// Granular calls through a plain load, change and save.
struct Granular {
    dc: fn(&mut PersistedSession, &DcEntry),
    peer: fn(&mut PersistedSession, &CachedPeer),
    update: fn(&mut PersistedSession, UpdateStateChange),
}

impl Granular {
    fn change(
        right: &dyn SessionBackend,
        change: impl FnOnce(&mut PersistedSession),
    ) -> io::Result<()> {
        let mut session = right.load()?.unwrap_or_default();
        change(&mut session);
        right.save(&session)
    }
}

const RIGHT: Granular = Granular {
    dc: |session, dc| {
        session.dcs.retain(|known| !same_dc(known, dc));
        session.dcs.push(dc.clone());
    },
    peer: |session, peer| session.peers.push(peer.clone()),
    update: |session, update| update.apply_to(&mut session.updates_state),
};

impl Fault for Granular {
    fn update_dc(&self, right: &dyn SessionBackend, entry: &DcEntry) -> io::Result<()> {
        Self::change(right, |session| (self.dc)(session, entry))
    }

    fn cache_peer(&self, right: &dyn SessionBackend, peer: &CachedPeer) -> io::Result<()> {
        Self::change(right, |session| (self.peer)(session, peer))
    }

    fn apply(&self, right: &dyn SessionBackend, update: UpdateStateChange) -> io::Result<()> {
        Self::change(right, |session| (self.update)(session, update))
    }
}

fn same_dc(a: &DcEntry, b: &DcEntry) -> bool {
    let class = |dc: &DcEntry| dc.flags.0 & 11;
    (a.dc_id, class(a)) == (b.dc_id, class(b))
}

/// Does nothing, and says that all is well.
struct Ignores;

impl Fault for Ignores {
    fn set_home_dc(&self, _: &dyn SessionBackend, _: i32) -> io::Result<()> {
        Ok(())
    }

    fn apply(&self, right: &dyn SessionBackend, update: UpdateStateChange) -> io::Result<()> {
        match update {
            UpdateStateChange::Secondary { .. } => Ok(()),
            other => right.apply_update_state(other),
        }
    }
}

/// A granular call needs a session to change.
struct NoneIsNotChanged;

impl Fault for NoneIsNotChanged {
    fn cache_peer(&self, right: &dyn SessionBackend, peer: &CachedPeer) -> io::Result<()> {
        if right.load()?.is_none() { Ok(()) } else { right.cache_peer(peer) }
    }
}

faults! {
    merges_cached_peers_by_bare_id: with(|| Granular {
        peer: |session, peer| {
            session.peers.retain(|known| known.id != peer.id);
            session.peers.push(peer.clone());
        },
        ..RIGHT
    }) => [law_1_one_number_may_be_four_peers law_3_cache_peer]
    clobbers_with_a_zero_hash: with(|| Granular {
        peer: |session, peer| {
            session.peers.retain(|known| known.kind() != peer.kind() || known.id != peer.id);
            session.peers.push(peer.clone());
        },
        ..RIGHT
    }) => [
        law_3_a_zero_hash_keeps_the_stored_one law_2_duplicates_under_granular_calls
        law_5_a_zero_hash_through_a_stale_handle law_5_hashes_survive_concurrent_zeros
        law_3_random_calls law_5_random_calls_through_two_handles
    ]
    keeps_an_old_key: with(|| Granular {
        dc: |session, dc| {
            let mut dc = dc.clone();
            let known = session.dcs.iter().position(|known| same_dc(known, &dc));
            if let Some(known) = known.map(|at| session.dcs.remove(at)) {
                dc.auth_key = dc.auth_key.or(known.auth_key);
            }
            session.dcs.push(dc);
        },
        ..RIGHT
    }) => [law_3_update_dc]
    keeps_channels_after_all: with(|| Granular {
        update: |session, update| {
            let channels = session.updates_state.channels.clone();
            update.apply_to(&mut session.updates_state);
            session.updates_state.channels.splice(0..0, channels);
        },
        ..RIGHT
    }) => [
        law_3_all_counters_forget_other_channels law_5_all_counters_through_a_stale_handle
        law_4_a_load_sees_a_whole_step
    ]
    ignores_some_calls: with(|| Ignores) => [
        law_3_set_home_dc law_3_secondary_counter law_3_the_first_call_makes_a_session
        law_3_calls_on_a_large_session law_3_calls_after_delete law_5_handles_in_turn
        law_3_calls_are_there_when_made_again law_5_primary_and_secondary_at_once
        law_5_a_handle_sees_what_another_wrote
        law_5_granular_calls_through_a_stale_handle
        law_6_a_login_survives_without_drop law_8_plain_threads law_8_spawn_blocking
        law_8_block_in_place
    ]
    makes_no_session: with(|| NoneIsNotChanged) => [law_3_the_first_call_makes_a_session]
}
