//! What stands in the store: damage, and the sessions of others.

use super::faulty::{Fault, Faulty, caught, message};
use ferogram_session::testing::{Capability, Place, Suite};
use ferogram_session::{
    BlobStore, CachedPeer, DcEntry, PersistedSession, RowStore, SessionBackend, SessionError,
    UpdateStateChange, file_name,
};
use ferogram_session_tests::stores::{Blobs, Strength, Tables};
use std::io;
use std::sync::{Arc, LazyLock};

#[derive(SessionBackend)]
#[session(blob(key = "{key}"))]
struct Right {
    #[session(store)]
    store: Arc<Blobs>,
    key: String,
}

fn store(place: &Place) -> Arc<Blobs> {
    place.shared(|| Blobs::new(Strength::Compares))
}

fn damaged<F: Fault>(fault: fn(Arc<Blobs>) -> F) -> Suite {
    let make = move |place: &Place| {
        let right = Right { store: store(place), key: place.key().to_owned() };
        Faulty { right: Arc::new(right), fault: fault(store(place)) }
    };
    Suite::new(make)
        .with(Capability::Persistent)
        .detects_damage(|place| store(place).flip_a_bit("default"))
}

/// What cannot be read is as if it were not there.
struct NoneOnDamage;

impl Fault for NoneOnDamage {
    fn load(&self, right: &dyn SessionBackend) -> io::Result<Option<PersistedSession>> {
        Ok(right.load().unwrap_or_default())
    }
}

/// What cannot be read is said to be away for a while.
struct AwayOnDamage;

impl Fault for AwayOnDamage {
    fn load(&self, right: &dyn SessionBackend) -> io::Result<Option<PersistedSession>> {
        right.load().map_err(|error| io::Error::other(error.to_string()))
    }
}

/// What cannot be read is an error that leaves one alone with it.
struct NoRemedy;

impl Fault for NoRemedy {
    fn load(&self, right: &dyn SessionBackend) -> io::Result<Option<PersistedSession>> {
        right.load().map_err(|_| SessionError::corrupt("this is damaged").into())
    }
}

/// What cannot be read is replaced by a new session.
struct StartsAnew(Arc<Blobs>);

impl StartsAnew {
    fn again(
        &self,
        right: &dyn SessionBackend,
        call: impl Fn(&dyn SessionBackend) -> io::Result<()>,
    ) -> io::Result<()> {
        call(right).or_else(|_| {
            self.0.delete("default")?;
            call(right)
        })
    }
}

impl Fault for StartsAnew {
    fn save(&self, right: &dyn SessionBackend, session: &PersistedSession) -> io::Result<()> {
        self.again(right, |right| right.save(session))
    }

    fn update_dc(&self, right: &dyn SessionBackend, entry: &DcEntry) -> io::Result<()> {
        self.again(right, |right| right.update_dc(entry))
    }

    fn set_home_dc(&self, right: &dyn SessionBackend, dc_id: i32) -> io::Result<()> {
        self.again(right, |right| right.set_home_dc(dc_id))
    }

    fn apply(&self, right: &dyn SessionBackend, update: UpdateStateChange) -> io::Result<()> {
        self.again(right, |right| right.apply_update_state(update.clone()))
    }

    fn cache_peer(&self, right: &dyn SessionBackend, peer: &CachedPeer) -> io::Result<()> {
        self.again(right, |right| right.cache_peer(peer))
    }
}

/// Says that what cannot be read was deleted.
struct DeletesNothing;

impl Fault for DeletesNothing {
    fn delete(&self, right: &dyn SessionBackend) -> io::Result<()> {
        if right.load().is_ok() { right.delete() } else { Ok(()) }
    }
}

/// Shows the key of the first datacentre where something goes wrong.
struct ShowsKeys;

impl Fault for ShowsKeys {
    fn update_dc(&self, right: &dyn SessionBackend, entry: &DcEntry) -> io::Result<()> {
        right.update_dc(entry).map_err(|error| {
            io::Error::other(format!("{error}, entry {:?}", entry.auth_key.map(|key| key.to_vec())))
        })
    }
}

/// Panics where it cannot read.
struct Panics;

impl Fault for Panics {
    fn load(&self, right: &dyn SessionBackend) -> io::Result<Option<PersistedSession>> {
        Ok(right.load().expect("readable"))
    }
}

#[derive(SessionBackend)]
#[session(rows(key = "{key}"))]
struct Keyed {
    #[session(store)]
    store: Arc<Tables>,
    key: String,
}

/// Many sessions, under keys that a fault has gone over.
fn keyed(key: fn(&str) -> String) -> Suite {
    let make = move |place: &Place| Keyed {
        store: place.shared(|| Tables::new(Strength::Compares)),
        key: key(place.key()),
    };
    Suite::new(make).with(Capability::Persistent).with(Capability::ManySessions)
}

/// One server, and nothing in the key that tells the places apart.
fn one_server() -> Suite {
    static SERVER: LazyLock<Arc<Tables>> =
        LazyLock::new(|| Arc::new(Tables::new(Strength::Compares)));

    Suite::new(|place| Keyed { store: Arc::clone(&SERVER), key: place.key().to_owned() })
        .with(Capability::Persistent)
}

#[test]
fn how_places_are_kept_apart_is_said() {
    for case in ["law_1_a_place_shares_nothing_with_others", "law_2_made_again"] {
        let message = message(&one_server(), case);
        assert!(message.contains("put `place.id()` into the key"), "{message}");
    }
}

faults! {
    one_server_for_all_places: one_server() => [
        law_1_a_place_shares_nothing_with_others law_2_nothing_before_the_first_save
        law_2_made_again
    ]
    none_on_damage: damaged(|_| NoneOnDamage) => [
        law_7_damage_is_an_error_of_load law_7_damage_is_an_error_under_an_open_handle
        law_7_save_does_not_overwrite_damage
    ]
    away_on_damage: damaged(|_| AwayOnDamage) => [law_7_damage_is_an_error_of_load]
    no_remedy_for_damage: damaged(|_| NoRemedy) => [law_7_damage_is_an_error_of_load]
    starts_anew_on_damage: damaged(StartsAnew) => [
        law_7_save_does_not_overwrite_damage law_7_granular_calls_do_not_overwrite_damage
        law_7_an_open_handle_loses_nothing_to_damage
    ]
    says_that_damage_was_deleted: damaged(|_| DeletesNothing) => [law_7_a_new_login_after_delete]
    panics_on_damage: damaged(|_| Panics) => [law_7_damage_is_an_error_of_load]
    shows_keys_in_errors: damaged(|_| ShowsKeys) => [law_9_errors_show_no_secrets]
    one_key_for_all: keyed(|_| "session".into()) => [
        law_1_each_key_is_a_session law_1_delete_leaves_other_sessions
        law_1_granular_calls_leave_other_sessions law_5_sessions_do_not_disturb_each_other
        law_2_each_session_made_again
    ]
    keys_without_case: keyed(str::to_lowercase) => [law_1_each_key_is_a_session]
    keys_that_are_trimmed: keyed(|key| format!("k{}", key.trim())) => [law_1_each_key_is_a_session]
    keys_that_are_cut_off: keyed(|key| key.chars().take(32).collect()) => [
        law_1_similar_keys_are_different_sessions
    ]
    keys_of_letters_only: keyed(|key| {
        let letters = key.chars().map(|c| if c.is_alphanumeric() { c } else { '_' });
        letters.collect()
    }) => [law_1_each_key_is_a_session]
}

#[test]
fn a_delete_by_prefix() {
    /// As with a pattern that every key matches which begins like this one.
    struct ByPrefix(Arc<Tables>, String);

    impl Fault for ByPrefix {
        fn delete(&self, right: &dyn SessionBackend) -> io::Result<()> {
            for key in self.0.sessions()? {
                if key.starts_with(&self.1) {
                    self.0.delete(&key)?;
                }
            }
            right.delete()
        }
    }

    let suite = Suite::new(|place| {
        let store = place.shared(|| Tables::new(Strength::Compares));
        let key = place.key().to_owned();
        let fault = ByPrefix(Arc::clone(&store), file_name(&key));
        Faulty { right: Arc::new(Keyed { store, key }), fault }
    });
    let suite = suite.with(Capability::ManySessions);
    caught(
        &suite,
        &["law_1_delete_leaves_other_sessions", "law_1_granular_calls_leave_other_sessions"],
    );
}
