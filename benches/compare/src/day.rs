//! What a busy bot writes: in each minute 26 granular calls, of which eighteen
//! are counters, four a channel's and four peers, and a full save with ten
//! changed peers and new salts.

use crate::backends::{Folder, Kind};
use crate::measure::{Bench, Written};
use crate::session::{Rng, change_ten};
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
    let (done, written) =
        Written::by(|| (0..minutes).try_for_each(|_| minute(&*backend, &mut session, &mut rng)));
    done?;
    let took = start.elapsed();
    let name = |what: &str| format!("day/{}/{what}", kind.name());
    bench.value(&name("minutes"), u64::from(minutes));
    bench.value(&name("bytes"), written.bytes);
    bench.value(&name("write calls"), written.calls);
    bench.value(&name("microseconds"), took.as_micros() as u64);
    let loaded = backend.load()?;
    assert_eq!(loaded.map(|loaded| loaded.updates_state.pts), Some(session.updates_state.pts));
    Ok(())
}

fn minute(
    backend: &dyn SessionBackend,
    session: &mut PersistedSession,
    rng: &mut Rng,
) -> io::Result<()> {
    for nth in 0..12 {
        if nth % 3 == 2 {
            channel_and_peer(backend, session, rng)?;
            continue;
        }
        let state = &mut session.updates_state;
        state.pts += 3;
        state.qts += 1;
        state.date += 5;
        counters(backend, session)?;
    }
    change_ten(session, rng);
    for dc in session.dcs.iter_mut().filter(|dc| dc.auth_key.is_some()) {
        dc.first_salt = rng.next() as i64;
    }
    backend.save(session)?;
    counters(backend, session)
}

/// A message in a channel, from somebody who is seen again.
fn channel_and_peer(
    backend: &dyn SessionBackend,
    session: &mut PersistedSession,
    rng: &mut Rng,
) -> io::Result<()> {
    let at = rng.below(session.updates_state.channels.len());
    let channel = &mut session.updates_state.channels[at];
    channel.1 += 1;
    let (id, pts) = *channel;
    backend.apply_update_state(UpdateStateChange::Channel { id, pts })?;
    let at = rng.below(session.peers.len());
    let peer = &mut session.peers[at];
    peer.access_hash = rng.next() as i64 | 1;
    backend.cache_peer(peer)
}

fn counters(backend: &dyn SessionBackend, session: &PersistedSession) -> io::Result<()> {
    let state = &session.updates_state;
    let (pts, date, seq) = (state.pts, state.date, state.seq);
    backend.apply_update_state(UpdateStateChange::Primary { pts, date, seq })?;
    backend.apply_update_state(UpdateStateChange::Secondary { qts: state.qts })
}
