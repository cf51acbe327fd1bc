//! Records that are lost, merged or mistaken for each other.

use super::faulty::{Fault, message, with};
use ferogram_session::{DcEntry, DcFlags, PersistedSession, SessionBackend};
use std::collections::HashSet;
use std::io;
use std::sync::Mutex;

/// Changes what is saved.
struct OnSave(fn(&mut PersistedSession));

impl Fault for OnSave {
    fn save(&self, right: &dyn SessionBackend, session: &PersistedSession) -> io::Result<()> {
        let mut session = session.clone();
        (self.0)(&mut session);
        right.save(&session)
    }
}

/// Changes what is loaded.
struct OnLoad(fn(&mut Option<PersistedSession>));

impl Fault for OnLoad {
    fn load(&self, right: &dyn SessionBackend) -> io::Result<Option<PersistedSession>> {
        let mut loaded = right.load()?;
        (self.0)(&mut loaded);
        Ok(loaded)
    }
}

fn wrap<T>(records: &mut Vec<T>) {
    records.truncate(records.len() % 65_536);
}

/// The session to write, once, where `save` only adds and overwrites.
struct NeverRemoves;

impl Fault for NeverRemoves {
    fn save(&self, right: &dyn SessionBackend, session: &PersistedSession) -> io::Result<()> {
        let mut all = right.load()?.unwrap_or_default();
        all.home_dc_id = session.home_dc_id;
        all.dcs.splice(0..0, session.dcs.iter().cloned());
        let channels = std::mem::take(&mut all.updates_state.channels);
        all.updates_state = session.updates_state.clone();
        all.updates_state.channels.splice(0..0, channels);
        all.peers.extend(session.peers.iter().cloned());
        all.min_peers.extend(session.min_peers.iter().cloned());
        if session.future_auth_token.is_some() {
            all.future_auth_token.clone_from(&session.future_auth_token);
        }
        right.save(&all)
    }
}

/// Whoever has STATIC is another address.
#[derive(Default)]
struct StaticIsIdentity(Mutex<Vec<DcEntry>>);

impl Fault for StaticIsIdentity {
    fn update_dc(&self, right: &dyn SessionBackend, entry: &DcEntry) -> io::Result<()> {
        if !entry.flags.contains(DcFlags::STATIC) {
            return right.update_dc(entry);
        }
        self.0.lock().unwrap().push(entry.clone());
        Ok(())
    }

    fn load(&self, right: &dyn SessionBackend) -> io::Result<Option<PersistedSession>> {
        let mut loaded = right.load()?;
        if let Some(session) = &mut loaded {
            session.dcs.extend(self.0.lock().unwrap().iter().cloned());
            session.dcs.sort_by_key(|dc| dc.dc_id);
        }
        Ok(loaded)
    }
}

/// Takes a peer that stands elsewhere in the list for one that only moved.
struct ByPosition;

impl Fault for ByPosition {
    fn save(&self, right: &dyn SessionBackend, session: &PersistedSession) -> io::Result<()> {
        let mut session = session.clone();
        let stored = right.load()?.map(|stored| stored.peers).unwrap_or_default();
        if stored.len() == session.peers.len() {
            for (new, old) in session.peers.iter_mut().zip(stored) {
                if new.id != old.id {
                    *new = old;
                }
            }
        }
        right.save(&session)
    }
}

struct DeleteLeaves;

impl Fault for DeleteLeaves {
    fn delete(&self, right: &dyn SessionBackend) -> io::Result<()> {
        let Some(session) = right.load()? else { return Ok(()) };
        right.save(&PersistedSession { peers: session.peers, ..PersistedSession::default() })
    }
}

/// A delete is remembered and forgotten with the handle.
#[derive(Default)]
struct DeleteHides(Mutex<bool>);

impl Fault for DeleteHides {
    fn delete(&self, _: &dyn SessionBackend) -> io::Result<()> {
        *self.0.lock().unwrap() = true;
        Ok(())
    }

    fn load(&self, right: &dyn SessionBackend) -> io::Result<Option<PersistedSession>> {
        if *self.0.lock().unwrap() { Ok(None) } else { right.load() }
    }
}

struct DeleteNeedsSomething;

impl Fault for DeleteNeedsSomething {
    fn delete(&self, right: &dyn SessionBackend) -> io::Result<()> {
        match right.load()? {
            Some(_) => right.delete(),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

faults! {
    drops_a_peer: with(|| OnSave(|session| { session.peers.pop(); })) => [
        law_2_save_and_load law_2_save_overwrites law_2_made_again law_2_save_twice
        law_3_random_calls law_4_a_load_sees_a_whole_session law_5_saves_among_granular_calls
    ]
    drops_dcs_beyond_255: with(|| OnSave(|session| session.dcs.truncate(255))) => [
        law_2_round_trip_of_300_dcs law_2_many_of_everything_made_again
    ]
    wraps_counts_of_16_bits: with(|| OnSave(|session| {
        wrap(&mut session.peers);
        wrap(&mut session.updates_state.channels);
        wrap(&mut session.min_peers);
    })) => [
        law_2_round_trip_of_70_000_peers law_2_round_trip_of_70_000_channels
        law_2_round_trip_of_70_000_min_peers law_2_many_of_everything_made_again
    ]
    writes_half_of_much: with(|| OnSave(|session| {
        if session.updates_state.channels.len() > 10_000 {
            session.updates_state.channels.clear();
        }
    })) => [law_2_round_trip_of_70_000_channels]
    never_removes: with(|| NeverRemoves) => [
        law_2_save_overwrites law_2_fewer_than_before law_2_a_token_can_go
        law_2_a_session_can_become_empty law_1_records_of_different_sorts_share_a_number
        law_5_save_through_a_stale_handle law_5_a_save_that_seems_to_change_nothing
    ]
    merges_by_bare_id: with(|| OnSave(|session| {
        let mut seen = HashSet::new();
        session.peers.retain(|peer| seen.insert(peer.id));
    })) => [law_1_one_number_may_be_four_peers law_1_the_kind_is_the_first_that_applies]
    merges_dcs_of_one_number: with(|| OnSave(|session| {
        let mut seen = HashSet::new();
        session.dcs.retain(|dc| seen.insert(dc.dc_id));
    })) => [law_1_one_address_of_each_class law_2_a_media_dc_stands_behind_the_main_one]
    takes_static_for_identity: with(StaticIsIdentity::default) => [
        law_1_attributes_are_not_identity law_2_dcs_come_in_order law_3_random_calls
    ]
    loads_dcs_unsorted: with(|| OnLoad(|loaded| {
        if let Some(session) = loaded { session.dcs.reverse(); }
    })) => [law_2_dcs_come_in_order law_2_a_media_dc_stands_behind_the_main_one]
    keeps_the_last_address: with(|| OnSave(|session| session.dcs.reverse())) => [
        law_2_of_two_addresses_the_keyed_one_wins law_2_duplicates_under_granular_calls
    ]
    keeps_the_first_peer: with(|| OnSave(|session| {
        session.peers.reverse();
        session.updates_state.channels.reverse();
    })) => [law_2_of_two_peers_the_one_with_a_hash_wins law_2_of_two_channels_the_last_wins]
    compares_by_position: with(|| ByPosition) => [law_2_the_order_of_lists_means_nothing]
    default_for_none: with(|| OnLoad(|loaded| { loaded.get_or_insert_default(); })) => [
        law_2_nothing_before_the_first_save law_2_nothing_after_delete law_2_delete_of_nothing
    ]
    none_for_default: with(|| OnLoad(|loaded| {
        loaded.take_if(|session| *session == PersistedSession::default());
    })) => [law_2_an_empty_session_is_a_session law_2_a_session_can_become_empty]
    delete_leaves_something: with(|| DeleteLeaves) => [
        law_2_nothing_after_delete law_5_delete_and_save_under_a_stale_handle
        law_5_delete_under_granular_calls_of_a_stale_handle law_3_calls_after_delete
        law_5_deletes_among_granular_calls
    ]
    delete_is_forgotten: with(DeleteHides::default) => [
        law_6_a_delete_survives_without_drop law_2_save_after_delete law_2_delete_of_nothing
    ]
    delete_of_nothing_fails: with(|| DeleteNeedsSomething) => [law_2_delete_of_nothing]
}

#[test]
fn a_message_names_the_record_and_no_secret() {
    let suite = with(|| OnSave(|session| session.peers[3].access_hash ^= 1 << 40));
    let message = message(&suite, "law_2_save_and_load");
    assert!(message.contains("peer (\"channel\", 4): access hash is another"), "{message}");
}

#[test]
fn random_calls_are_made_few_and_printed() {
    let suite = with(|| OnSave(|session| session.min_peers.clear()));
    let message = message(&suite, "law_3_random_calls");
    // One save of one min-peer is all that it takes.
    assert!(message.contains("  1. handle 0: save(") && !message.contains("  2. "), "{message}");
    assert!(message.contains("min-peers [(") && message.contains("MODEL_SEED=0"), "{message}");
}

/// No server there.
struct Refused;

impl Fault for Refused {
    fn save(&self, _: &dyn SessionBackend, _: &PersistedSession) -> io::Result<()> {
        Err(io::Error::from(io::ErrorKind::ConnectionRefused))
    }
}

#[test]
fn the_help_is_about_the_call_that_failed() {
    let deletes = with(|| DeleteNeedsSomething);
    for case in ["law_2_delete_of_nothing", "law_5_deletes_among_granular_calls"] {
        let message = message(&deletes, case);
        assert!(message.contains("removing what is not there is `Ok(())`"), "{message}");
    }
    for case in ["law_2_save_and_load", "law_5_threads_lose_no_peers"] {
        let message = message(&with(|| Refused), case);
        assert!(message.contains("does it run"), "{message}");
    }
}
