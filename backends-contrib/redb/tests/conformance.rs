//! The conformance suite over a file of redb's.

use ferogram_session::conformance;
use ferogram_session::testing::Place;
use ferogram_session_redb::RedbBackend;

fn make(place: &Place) -> RedbBackend {
    let opened = place.shared(|| RedbBackend::new(place.dir().join("session.redb")));
    RedbBackend::clone(&opened)
}

conformance!(make, persistent, power_safe);
