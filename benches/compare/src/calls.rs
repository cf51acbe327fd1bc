//! What each call of a backend costs.

use crate::backends::{Folder, Kind};
use crate::heap;
use crate::measure::Bench;
use crate::session::{Rng, change_ten, seen_again};
use ferogram_session::{DcEntry, PersistedSession, SessionBackend, UpdateStateChange};
use std::io;
use std::path::Path;

/// All calls of one backend, in a folder below `place`.
pub(crate) fn run(
    bench: &Bench,
    kind: Kind,
    session: &PersistedSession,
    place: &Path,
) -> io::Result<()> {
    let folder = Folder::new(place, kind.name())?;
    if kind.persists() {
        first(bench, kind, session, &folder)?;
    }
    let backend = kind.open(&folder)?;
    backend.save(session)?;
    granular(bench, kind, session, &*backend)?;
    saves(bench, kind, session, &*backend)?;
    logins(bench, kind, session, &*backend);
    Ok(())
}

/// Only the calls that ours makes durable.
pub(crate) fn durable(
    bench: &Bench,
    kind: Kind,
    session: &PersistedSession,
    place: &Path,
) -> io::Result<()> {
    let folder = Folder::new(place, kind.name())?;
    first_save(bench, kind, session, &folder);
    folder.empty()?;
    let backend = kind.open(&folder)?;
    backend.save(session)?;
    logins(bench, kind, session, &*backend);
    Ok(())
}

fn first_save(bench: &Bench, kind: Kind, session: &PersistedSession, folder: &Folder) {
    bench.each(
        &format!("{}/first save", kind.name()),
        &mut (),
        |()| folder.empty().expect("a folder of ours"),
        |()| {
            let backend = kind.open(folder).expect("opens");
            backend.save(session).expect("saves");
            backend
        },
    );
}

/// The calls of a program that starts.
fn first(bench: &Bench, kind: Kind, session: &PersistedSession, folder: &Folder) -> io::Result<()> {
    let name = |call: &str| format!("{}/{call}", kind.name());
    first_save(bench, kind, session, folder);
    kind.open(folder)?.save(session)?;
    bench.each(
        &name("start: open, load"),
        &mut (),
        |()| {},
        |()| {
            let backend = kind.open(folder).expect("opens");
            let loaded = backend.load().expect("loads");
            (backend, loaded)
        },
    );
    let backend = kind.open(folder)?;
    let (loaded, passing) = heap::passing(|| backend.load());
    assert_eq!(loaded?.map(|loaded| loaded.peers.len()), Some(session.peers.len()));
    bench.value(&name("memory while loading"), passing as u64);
    let main = folder.0.join("bot.session");
    bench.value(&name("length of the file"), main.metadata().map_or(0, |file| file.len()));
    // With as much behind the base as a file ever has.
    let base = main.metadata().map_or(0, |file| file.len());
    let mut length = base;
    let mut rng = Rng::new(13);
    while length > 0 && length < base * 19 / 10 {
        backend.cache_peer(&seen_again(session.peers.len(), &mut rng))?;
        let grown = main.metadata()?.len();
        if grown <= length {
            break;
        }
        length = grown;
    }
    drop(backend);
    if kind == Kind::File {
        bench.each(
            &name("start, with a long journal"),
            &mut (),
            |()| {},
            |()| {
                let backend = kind.open(folder).expect("opens");
                let loaded = backend.load().expect("loads");
                (backend, loaded)
            },
        );
    }
    folder.empty()
}

fn granular(
    bench: &Bench,
    kind: Kind,
    session: &PersistedSession,
    backend: &dyn SessionBackend,
) -> io::Result<()> {
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
    let mut dc = session.dcs[0].clone();
    bench.batch(&name("salt of a DC"), || {
        count += 1;
        dc.first_salt = i64::from(count);
        backend.update_dc(&dc).expect("updates");
    });
    bench.batch(&name("a granular call, nothing changed"), || {
        backend.update_dc(&dc).expect("updates");
    });
    Ok(())
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
    save(&state.0);

    bench.each(&name("save, nothing changed"), &mut state, |_| {}, |(session, _)| save(session));
    bench.each(
        &name("save, 10 peers changed"),
        &mut state,
        |(session, rng)| change_ten(session, rng),
        |(session, _)| save(session),
    );
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
    bench.each(&name("load"), &mut (), |()| {}, |()| backend.load().expect("loads"));
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

/// The calls that must survive a power cut.
fn logins(bench: &Bench, kind: Kind, session: &PersistedSession, backend: &dyn SessionBackend) {
    let name = |call: &str| format!("{}/{call}", kind.name());
    let mut state: (DcEntry, i32) = (session.dcs[0].clone(), 2);
    bench.each(
        &name("new key of a DC"),
        &mut state,
        |(dc, count)| {
            *count += 1;
            dc.auth_key = Some([*count as u8; 256]);
        },
        |(dc, _)| backend.update_dc(dc).expect("updates"),
    );
    bench.each(
        &name("home DC"),
        &mut state,
        |(_, count)| *count += 1,
        |(_, count)| backend.set_home_dc(*count % 5 + 1).expect("sets"),
    );
}
