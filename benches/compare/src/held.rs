//! How much memory a backend holds between two calls.

use crate::backends::{Folder, Kind};
use crate::calls::with_key;
use crate::heap;
use crate::measure::Bench;
use crate::session::{Rng, change_ten, new_peer, peer};
use ferogram_session::{PersistedSession, SessionBackend, StringSessionBackend, UpdateStateChange};
use std::io;
use std::path::Path;

pub(crate) fn run(bench: &Bench, session: &PersistedSession, place: &Path) -> io::Result<()> {
    // As it is in the end, with no room to spare.
    let mut grown = session.clone();
    let mut rng = Rng::new(31);
    grown.peers.extend((0..NEW).map(|_| new_peer(&mut rng)));
    let before = heap::held_by_all();
    let copy = grown.clone();
    bench.value("held/the session itself", (heap::held_by_all() - before) as u64);
    drop(copy);

    for &kind in Kind::ALL {
        let folder = Folder::new(place, "held")?;
        let held = by(session, || kind.open(&folder))?;
        bench.value(&format!("held/{}", kind.name()), held as u64);
    }
    let before = heap::held_by_all();
    let string = StringSessionBackend::new(grown.to_string());
    drop(string.load()?);
    let loaded = heap::held_by_all().saturating_sub(before);
    string.save(session)?;
    calls(&string, session)?;
    drop(string.current());
    let asked = heap::held_by_all().saturating_sub(before);
    bench.value("held/string, after current()", loaded.max(asked) as u64);
    drop(string);
    #[cfg(feature = "caches")]
    for (name, without, with) in crate::caches::PAIRS {
        let store = by(session, || Ok(without()))?;
        let both = by(session, || Ok(with()))?;
        bench.value(&format!("held/{name}"), both.saturating_sub(store) as u64);
    }
    Ok(())
}

/// New peers, which make tables grow: a day's of a busy bot, say. 0.6.6 has room for them
/// beside 60,000.
const NEW: usize = 2_000;

/// What a backend holds after a call of every kind, so that whatever is built
/// at the first is there, and after new peers.
fn by(
    session: &PersistedSession,
    open: impl FnOnce() -> io::Result<Box<dyn SessionBackend>>,
) -> io::Result<usize> {
    let mut changed = session.clone();
    let before = heap::held_by_all();
    let backend = open()?;
    backend.save(&changed)?;
    let mut rng = Rng::new(3);
    change_ten(&mut changed, &mut rng);
    backend.save(&changed)?;
    drop(backend.load()?);
    rng.shuffle(&mut changed.peers);
    backend.save(&changed)?;
    calls(&*backend, session)?;
    Ok(heap::held_by_all().saturating_sub(before))
}

/// Of each kind one, and then the new peers.
fn calls(backend: &dyn SessionBackend, session: &PersistedSession) -> io::Result<()> {
    backend.apply_update_state(UpdateStateChange::Primary { pts: 2_000_000, date: 2, seq: 2 })?;
    backend.apply_update_state(UpdateStateChange::Secondary { qts: 5_000 })?;
    backend.apply_update_state(UpdateStateChange::Channel { id: 1, pts: 5 })?;
    backend.cache_peer(&peer(0, 99))?;
    let mut dc = with_key(session);
    dc.first_salt ^= 1;
    backend.update_dc(&dc)?;
    backend.set_home_dc(session.home_dc_id % 5 + 1)?;
    let mut rng = Rng::new(37);
    (0..NEW).try_for_each(|_| backend.cache_peer(&new_peer(&mut rng)))
}
