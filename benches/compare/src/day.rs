//! What a busy bot writes, as the client calls: every five seconds its counters
//! and qts, and every minute a full save, with ten changed peers and new salts, and
//! counters and qts again. So 26 granular calls and a save a minute.

use crate::backends::{Folder, Kind};
use crate::measure::{Bench, Written};
use crate::session::{Rng, change_ten_and_salts};
use ferogram_session::{PersistedSession, SessionBackend, UpdateStateChange};
use std::io;
use std::path::Path;
use std::time::Instant;

pub(crate) fn run(
    bench: &Bench,
    kind: Kind,
    mut session: PersistedSession,
    place: &Path,
    minutes: u32,
) -> io::Result<()> {
    let folder = Folder::new(place, "day")?;
    let backend = kind.open(&folder)?;
    backend.save(&session)?;
    let mut rng = Rng::new(5);
    let start = Instant::now();
    // To the end of the program, when a database moves its log.
    let (done, written) = Written::by(|| {
        let done = (0..minutes).try_for_each(|_| minute(&*backend, &mut session, &mut rng));
        drop(backend);
        done
    });
    done?;
    let took = start.elapsed();
    let name = |what: &str| format!("day/{}/{what}", kind.name());
    bench.value(&name("minutes"), u64::from(minutes));
    bench.value(&name("bytes"), written.bytes);
    bench.value(&name("write calls"), written.calls);
    bench.value(&name("microseconds"), took.as_micros() as u64);
    let loaded = kind.open(&folder)?.load()?;
    assert_eq!(loaded.map(|loaded| loaded.updates_state.pts), Some(session.updates_state.pts));
    Ok(())
}

fn minute(
    backend: &dyn SessionBackend,
    session: &mut PersistedSession,
    rng: &mut Rng,
) -> io::Result<()> {
    for _ in 0..12 {
        let state = &mut session.updates_state;
        state.pts += 3;
        state.qts += 1;
        state.date += 5;
        counters(backend, session)?;
    }
    change_ten_and_salts(session, rng);
    backend.save(session)?;
    counters(backend, session)
}

fn counters(backend: &dyn SessionBackend, session: &PersistedSession) -> io::Result<()> {
    let state = &session.updates_state;
    let (pts, date, seq) = (state.pts, state.date, state.seq);
    backend.apply_update_state(UpdateStateChange::Primary { pts, date, seq })?;
    backend.apply_update_state(UpdateStateChange::Secondary { qts: state.qts })
}
