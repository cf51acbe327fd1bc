//! Derived backends over a store of one row for each record.

use ferogram_session::testing::Place;
use ferogram_session::{SessionBackend, SessionCache, conformance};
use ferogram_session_tests::stores::{Strength, Tables};
use std::sync::Arc;

#[derive(SessionBackend)]
#[session(rows(key = "{key}"))]
struct Plain {
    #[session(store)]
    store: Arc<Tables>,
    key: String,
}

#[derive(SessionBackend)]
#[session(rows(key = "tg:{key}"))]
struct Cached {
    #[session(store)]
    store: Arc<Tables>,
    #[session(cache)]
    cache: SessionCache,
    key: String,
}

fn plain(place: &Place, strength: Strength) -> Plain {
    let store = place.shared(|| Tables::new(strength));
    Plain { store, key: place.key().to_owned() }
}

fn cached(place: &Place, strength: Strength) -> Cached {
    let (store, cache) = (place.shared(|| Tables::new(strength)), SessionCache::new());
    Cached { store, cache, key: place.key().to_owned() }
}

mod compares {
    use super::*;

    conformance!(|place| plain(place, Strength::Compares), persistent, conditional, many_sessions);
}

mod compares_cached {
    use super::*;

    conformance!(|place| cached(place, Strength::Compares), persistent, conditional, many_sessions);
}

mod keeps_versions_cached {
    use super::*;

    conformance!(|place| cached(place, Strength::KeepsVersions), persistent, many_sessions);
}

mod keeps_none {
    use super::*;

    conformance!(|place| plain(place, Strength::KeepsNone), persistent, many_sessions);
}

mod keeps_none_cached {
    use super::*;

    conformance!(|place| cached(place, Strength::KeepsNone), persistent, many_sessions);
}
