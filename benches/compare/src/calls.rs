//! What each call of a backend costs.

use crate::backends::{Folder, Kind};
use crate::measure::Bench;
use crate::session::{Rng, change_ten, change_ten_and_salts, exchange_ten, seen_again};
use crate::{granular, starts, strings};
use ferogram_session::{DcEntry, PersistedSession, SessionBackend, UpdateStateChange};
use std::io;
use std::path::Path;
use std::time::Duration;

/// All calls of one backend, in a folder below `place`.
pub(crate) fn run(
    bench: &Bench,
    kind: Kind,
    session: &PersistedSession,
    place: &Path,
) -> io::Result<()> {
    let folder = Folder::new(place, kind.name())?;
    if kind.persists() {
        starts::first_save(bench, kind, session, &folder);
        kind.open(&folder)?.save(session)?;
        starts::run(bench, kind, session, &folder)?;
        folder.empty()?;
    }
    if kind == Kind::String {
        strings::run(bench, session, &folder)?;
    }
    let backend = kind.open(&folder)?;
    backend.save(session)?;
    if kind.persists() {
        // As in nearly all calls of a program. What a file system says of a time that is
        // just past may change yet, so for a moment ours looks into its lock file anew.
        std::thread::sleep(Duration::from_millis(2_100));
    } else {
        load(bench, &format!("{}/load", kind.name()), &*backend);
    }
    granular::run(bench, kind, session, &*backend);
    saves(bench, kind, session, &*backend)?;
    logins(bench, kind, session, &*backend);
    Ok(())
}

pub(crate) fn load(bench: &Bench, name: &str, backend: &dyn SessionBackend) {
    bench.each(name, &mut (), |()| {}, |()| backend.load().expect("loads"));
}

pub(crate) fn with_key(session: &PersistedSession) -> DcEntry {
    session.dcs.iter().find(|dc| dc.auth_key.is_some()).expect("is logged in").clone()
}

fn saves(
    bench: &Bench,
    kind: Kind,
    session: &PersistedSession,
    backend: &dyn SessionBackend,
) -> io::Result<()> {
    let name = |call: &str| format!("{}/{call}", kind.name());
    let save = |session: &PersistedSession| backend.save(session).expect("saves");
    let mut state = (session.clone(), Rng::new(11));
    settle(backend, session);

    bench.each(&name("save, nothing changed"), &mut state, |_| {}, |(session, _)| save(session));
    bench.each(
        &name("save, 10 peers changed"),
        &mut state,
        |(session, rng)| change_ten(session, rng),
        |(session, _)| save(session),
    );
    bench.each(
        &name("save, 10 peers and 5 salts changed"),
        &mut state,
        |(session, rng)| change_ten_and_salts(session, rng),
        |(session, _)| save(session),
    );
    bench.each(
        &name("save, 10 peers come and 10 go"),
        &mut state,
        |(session, rng)| exchange_ten(session, rng),
        |(session, _)| save(session),
    );
    // Here the faster program has exchanged more of them.
    state.0.clone_from(session);
    settle(backend, session);
    bench.each(
        &name("save, 10 peers changed, in another order"),
        &mut state,
        |(session, rng)| {
            change_ten(session, rng);
            rng.shuffle(&mut session.peers);
        },
        |(session, _)| save(session),
    );
    // A client that has just started lists what it loaded in another order,
    // and from then on in that one.
    state.1.shuffle(&mut state.0.peers);
    drop(backend.load()?);
    bench.each(
        &name("save, 10 peers changed, in the order of a new start"),
        &mut state,
        |(session, rng)| change_ten(session, rng),
        |(session, _)| save(session),
    );
    // What the client does a minute after the other, with the calls between.
    let mut pts = 3_000_000;
    bench.each(
        &name("pts after a save"),
        &mut state,
        |(session, rng)| {
            change_ten(session, rng);
            save(session);
        },
        |_| {
            pts += 1;
            let update = UpdateStateChange::Primary { pts, date: 1_700_000_000, seq: 1 };
            backend.apply_update_state(update).expect("applies");
        },
    );
    bench.each(
        &name("a peer after a save"),
        &mut state,
        |(session, rng)| {
            change_ten(session, rng);
            save(session);
        },
        |(session, rng)| {
            let peer = seen_again(session.peers.len(), rng);
            backend.cache_peer(&peer).expect("caches");
        },
    );
    Ok(())
}

/// Saves `session`, and makes granular calls of what is there, as a running program does all
/// the time: in memory ours copies a session until the first of them, and compares from
/// then on.
fn settle(backend: &dyn SessionBackend, session: &PersistedSession) {
    backend.save(session).expect("saves");
    if let Some(&(id, pts)) = session.updates_state.channels.first() {
        backend.apply_update_state(UpdateStateChange::Channel { id, pts }).expect("applies");
    }
    if let Some(peer) = session.peers.first() {
        backend.cache_peer(peer).expect("caches");
    }
}

/// The calls that must survive a power cut; the last leaves nothing behind.
fn logins(bench: &Bench, kind: Kind, session: &PersistedSession, backend: &dyn SessionBackend) {
    let name = |call: &str| format!("{}/{call}", kind.name());
    let (mut dc, mut count) = (with_key(session), 2);
    bench.batch(&name("new key of a DC"), || {
        count += 1;
        dc.auth_key = Some([count as u8; 256]);
        backend.update_dc(&dc).expect("updates");
    });
    bench.batch(&name("home DC"), || {
        count += 1;
        backend.set_home_dc(count % 5 + 1).expect("sets");
    });
    bench.each(
        &name("delete"),
        &mut (),
        |()| backend.save(session).expect("saves"),
        |()| backend.delete().expect("deletes"),
    );
}
