//! What the calls cost that change one record.

use crate::backends::Kind;
use crate::calls::with_key;
use crate::measure::Bench;
use crate::session::{Rng, new_peer, seen_again};
use ferogram_session::{PersistedSession, SessionBackend, UpdateStateChange};

pub(crate) fn run(
    bench: &Bench,
    kind: Kind,
    session: &PersistedSession,
    backend: &dyn SessionBackend,
) {
    let name = |call: &str| format!("{}/{call}", kind.name());
    let mut rng = Rng::new(7);
    let channels = session.updates_state.channels.len();
    let mut count = 2_000_000;

    bench.batch(&name("pts, date, seq"), || {
        count += 1;
        let update = UpdateStateChange::Primary { pts: count, date: 1_700_000_000 + count, seq: 1 };
        backend.apply_update_state(update).expect("applies");
    });
    bench.batch(&name("qts"), || {
        count += 1;
        backend.apply_update_state(UpdateStateChange::Secondary { qts: count }).expect("applies");
    });
    bench.batch(&name("pts of a channel"), || {
        count += 1;
        let id = match channels {
            0 => 1,
            _ => session.updates_state.channels[rng.below(channels)].0,
        };
        let update = UpdateStateChange::Channel { id, pts: count };
        backend.apply_update_state(update).expect("applies");
    });
    bench.batch(&name("a peer"), || {
        let peer = seen_again(session.peers.len(), &mut rng);
        backend.cache_peer(&peer).expect("caches");
    });
    let mut dc = with_key(session);
    bench.batch(&name("salt of a DC"), || {
        count += 1;
        dc.first_salt = i64::from(count);
        backend.update_dc(&dc).expect("updates");
    });
    unchanged(bench, kind, session, backend);
    new_peers(bench, kind, session, backend);
}

/// What is there already: of every kind, what is stored.
fn unchanged(bench: &Bench, kind: Kind, session: &PersistedSession, backend: &dyn SessionBackend) {
    let stored = backend.load().expect("loads").expect("is there");
    let state = &stored.updates_state;
    let (pts, date, seq) = (state.pts, state.date, state.seq);
    let mut updates = vec![
        UpdateStateChange::Primary { pts, date, seq },
        UpdateStateChange::Secondary { qts: state.qts },
    ];
    if let Some(&(id, pts)) = state.channels.first() {
        updates.push(UpdateStateChange::Channel { id, pts });
    }
    let dc = &stored.dcs[0];
    bench.each(
        &format!("{}/granular calls, nothing changed", kind.name()),
        &mut (),
        |()| {},
        |()| {
            for update in &updates {
                backend.apply_update_state(update.clone()).expect("applies");
            }
            backend.update_dc(dc).expect("updates");
            backend.set_home_dc(session.home_dc_id).expect("sets");
            if let Some(peer) = stored.peers.first() {
                backend.cache_peer(peer).expect("caches");
            }
        },
    );
}

/// Last, because new peers make the session larger, and the faster program goes through
/// more of them.
fn new_peers(bench: &Bench, kind: Kind, session: &PersistedSession, backend: &dyn SessionBackend) {
    // So that the session is about as large as it says: at most a twentieth more. Seldom enough
    // that the calls are those of a steady run, and not all right behind a save.
    let at_most = (session.peers.len() / 20).clamp(10, 1_000);
    let mut rng = Rng::new(29);
    let mut state = (new_peer(&mut rng), at_most);
    bench.each(
        &format!("{}/a new peer", kind.name()),
        &mut state,
        |(peer, more)| {
            if *more == at_most {
                backend.save(session).expect("saves");
                // The first one behind a save makes room for those to come.
                backend.cache_peer(&new_peer(&mut rng)).expect("caches");
                *more = 1;
            }
            *peer = new_peer(&mut rng);
            *more += 1;
        },
        |(peer, _)| backend.cache_peer(peer).expect("caches"),
    );
}
