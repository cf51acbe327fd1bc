//! How much memory a backend holds between two calls.

use crate::backends::{Folder, Kind};
use crate::heap;
use crate::measure::Bench;
use crate::session::{Rng, change_ten, peer};
use ferogram_session::{PersistedSession, UpdateStateChange};
use std::io;
use std::path::Path;

pub(crate) fn run(bench: &Bench, session: &PersistedSession, place: &Path) -> io::Result<()> {
    let before = heap::held_by_all();
    let copy = session.clone();
    bench.value("held/the session itself", (heap::held_by_all() - before) as u64);
    drop(copy);

    for &kind in Kind::ALL {
        let folder = Folder::new(place, "held")?;
        let mut changed = session.clone();
        let before = heap::held_by_all();
        let backend = kind.open(&folder)?;
        backend.save(&changed)?;
        // Every kind of call, so that whatever is built at the first is there.
        let mut rng = Rng::new(3);
        change_ten(&mut changed, &mut rng);
        backend.save(&changed)?;
        drop(backend.load()?);
        rng.shuffle(&mut changed.peers);
        backend.save(&changed)?;
        backend.apply_update_state(UpdateStateChange::Secondary { qts: 5_000 })?;
        backend.apply_update_state(UpdateStateChange::Channel { id: 1, pts: 5 })?;
        backend.cache_peer(&peer(0, 99))?;
        let held = heap::held_by_all().saturating_sub(before);
        bench.value(&format!("held/{}", kind.name()), held as u64);
    }
    Ok(())
}
