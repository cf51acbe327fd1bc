//! Derived backends over a store of one field for each record.

use ferogram_session::testing::Place;
use ferogram_session::{SessionBackend, SessionCache, conformance};
use ferogram_session_tests::stores::{FieldMap, Strength};
use std::sync::Arc;

#[derive(SessionBackend)]
#[session(key_value(key = "{key}"))]
struct Plain {
    #[session(store)]
    store: Arc<FieldMap>,
    key: String,
}

#[derive(SessionBackend)]
#[session(key_value(key = "tg:{key}"))]
struct Cached {
    #[session(store)]
    store: Arc<FieldMap>,
    #[session(cache)]
    cache: SessionCache,
    key: String,
}

#[derive(SessionBackend)]
#[session(key_value(key = "{key}", codec = json))]
struct AsJson {
    #[session(store)]
    store: Arc<FieldMap>,
    #[session(cache)]
    cache: SessionCache,
    key: String,
}

#[derive(SessionBackend)]
#[session(key_value(key = "{key}", codec = bincode))]
struct AsBincode {
    #[session(store)]
    store: Arc<FieldMap>,
    key: String,
}

fn store(place: &Place, strength: Strength) -> Arc<FieldMap> {
    place.shared(|| FieldMap::new(strength))
}

fn plain(place: &Place, strength: Strength) -> Plain {
    Plain { store: store(place, strength), key: place.key().to_owned() }
}

fn cached(place: &Place, strength: Strength) -> Cached {
    let cache = SessionCache::new();
    Cached { store: store(place, strength), cache, key: place.key().to_owned() }
}

fn damage(place: &Place) {
    store(place, Strength::Compares).flip_a_bit("default");
}

fn damage_cached(place: &Place) {
    store(place, Strength::Compares).flip_a_bit("tg:default");
}

mod compares {
    use super::*;

    conformance!(
        |place| plain(place, Strength::Compares),
        persistent,
        conditional,
        many_sessions,
        detects_damage = damage
    );
}

mod compares_cached {
    use super::*;

    conformance!(
        |place| cached(place, Strength::Compares),
        persistent,
        conditional,
        many_sessions,
        detects_damage = damage_cached
    );
}

mod keeps_versions_cached {
    use super::*;

    conformance!(
        |place| cached(place, Strength::KeepsVersions),
        persistent,
        many_sessions,
        detects_damage = damage_cached
    );
}

mod keeps_none {
    use super::*;

    conformance!(
        |place| plain(place, Strength::KeepsNone),
        persistent,
        many_sessions,
        detects_damage = damage
    );
}

mod keeps_none_cached {
    use super::*;

    conformance!(
        |place| cached(place, Strength::KeepsNone),
        persistent,
        many_sessions,
        detects_damage = damage_cached
    );
}

mod json {
    use super::*;

    fn make(place: &Place) -> AsJson {
        let (store, cache) = (store(place, Strength::Compares), SessionCache::new());
        AsJson { store, cache, key: place.key().to_owned() }
    }

    conformance!(make, persistent, conditional, many_sessions, detects_damage = damage);
}

mod bincode {
    use super::*;

    fn make(place: &Place) -> AsBincode {
        AsBincode { store: store(place, Strength::Compares), key: place.key().to_owned() }
    }

    conformance!(make, persistent, conditional, many_sessions, detects_damage = damage);
}
