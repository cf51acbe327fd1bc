//! What each call of a backend costs.

use crate::backends::{Folder, Kind};
use crate::fresh;
use crate::heap;
use crate::measure::Bench;
use crate::session::{Rng, change_ten, change_ten_and_salts, exchange_ten, new_peer, seen_again};
use crate::strings;
use ferogram_session::{DcEntry, PersistedSession, SessionBackend, UpdateStateChange};
use std::fs;
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
        first_save(bench, kind, session, &folder);
        kind.open(&folder)?.save(session)?;
        starts(bench, kind, session, &folder)?;
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
    granular(bench, kind, session, &*backend)?;
    saves(bench, kind, session, &*backend)?;
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

/// The calls of a program that starts, on what has just been saved and, in a
/// file, with a long journal behind it.
fn starts(
    bench: &Bench,
    kind: Kind,
    session: &PersistedSession,
    folder: &Folder,
) -> io::Result<()> {
    let name = |call: &str| format!("{}/{call}", kind.name());
    start(bench, &name("start: open, load"), kind, folder);
    fresh::start(bench, &name("start in a new process"), kind, folder);
    let backend = kind.open(folder)?;
    let (loaded, peak) = heap::peak(|| backend.load());
    assert_eq!(loaded?.map(|loaded| loaded.peers.len()), Some(session.peers.len()));
    bench.value(&name("memory while loading, given back"), peak.above_after as u64);
    bench.value(&name("memory while loading, in all"), peak.above_before as u64);
    bench.value(&name("memory while loading, bytes"), peak.bytes as u64);
    load(bench, &name("load"), &*backend);
    drop(backend);
    first_calls(bench, kind, session, folder)?;
    if kind == Kind::File {
        bench.value(&name("length of the file"), folder.0.join("bot.session").metadata()?.len());
        lengthen(kind, session, folder)?;
        start(bench, &name("start, with a long journal"), kind, folder);
        fresh::start(bench, &name("start in a new process, with a long journal"), kind, folder);
        load(bench, &name("load, with a long journal"), &*kind.open(folder)?);
    }
    Ok(())
}

/// The first calls after a load of what was just saved, as it is restored for
/// each: what a load leaves to them is in these.
fn first_calls(
    bench: &Bench,
    kind: Kind,
    session: &PersistedSession,
    folder: &Folder,
) -> io::Result<()> {
    let name = |call: &str| format!("{}/{call}", kind.name());
    let main = folder.0.join("bot.session");
    let saved = if kind == Kind::File { Some(fs::read(&main)?) } else { None };
    let restore = || {
        if let Some(saved) = &saved {
            fs::write(&main, saved).expect("writes");
        }
    };
    let open = || {
        restore();
        let backend = kind.open(folder).expect("opens");
        drop(backend.load().expect("loads"));
        backend
    };
    let mut pts = 5_000_000;
    bench.each(
        &name("first counters after a start"),
        &mut None,
        |opened| {
            // The program before has ended.
            *opened = None;
            *opened = Some(open());
        },
        |opened| {
            pts += 1;
            let update = UpdateStateChange::Primary { pts, date: 1_700_000_000, seq: 1 };
            opened.as_ref().expect("is open").apply_update_state(update).expect("applies");
        },
    );
    // The client lists what it loaded in an order of its own.
    let mut state = (session.clone(), Rng::new(17), None);
    bench.each(
        &name("first save after a start"),
        &mut state,
        |(changed, rng, opened)| {
            *opened = None;
            *opened = Some(open());
            // A database is as the last save left it.
            if kind == Kind::File {
                changed.clone_from(session);
            }
            change_ten(changed, rng);
            rng.shuffle(&mut changed.peers);
        },
        |(changed, _, opened)| opened.as_ref().expect("is open").save(changed).expect("saves"),
    );
    drop(state);
    restore();
    Ok(())
}

fn start(bench: &Bench, name: &str, kind: Kind, folder: &Folder) {
    bench.each(
        name,
        &mut (),
        |()| {},
        |()| {
            let backend = kind.open(folder).expect("opens");
            let loaded = backend.load().expect("loads");
            (backend, loaded)
        },
    );
}

fn load(bench: &Bench, name: &str, backend: &dyn SessionBackend) {
    bench.each(name, &mut (), |()| {}, |()| backend.load().expect("loads"));
}

/// How much of the room behind the base of a file is filled.
const FILLED: (u64, u64) = (9, 10);

/// Puts nearly as much behind the base of a file as it ever has: 64 KiB, or a quarter
/// of the base. (0.6.6 has no journal.)
fn lengthen(kind: Kind, session: &PersistedSession, folder: &Folder) -> io::Result<()> {
    let backend = kind.open(folder)?;
    let main = folder.0.join("bot.session");
    let base = main.metadata()?.len();
    let room = (base / 4).max(64 * 1024) * FILLED.0 / FILLED.1;
    let mut length = base;
    let mut rng = Rng::new(13);
    while length - base < room {
        backend.cache_peer(&seen_again(session.peers.len(), &mut rng))?;
        let grown = main.metadata()?.len();
        if grown <= length {
            // A new peer makes a file without a journal longer, too.
            assert!(length - base < 64, "the journal ended at {}", length - base);
            break;
        }
        length = grown;
    }
    Ok(())
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
    // Few enough that 0.6.6 has room for them.
    bench.at_most(
        1_000,
        &name("a new peer"),
        &mut new_peer(&mut rng),
        |peer| *peer = new_peer(&mut rng),
        |peer| backend.cache_peer(peer).expect("caches"),
    );
    let mut dc = with_key(session);
    bench.batch(&name("salt of a DC"), || {
        count += 1;
        dc.first_salt = i64::from(count);
        backend.update_dc(&dc).expect("updates");
    });
    unchanged(bench, kind, session, backend);
    Ok(())
}

fn with_key(session: &PersistedSession) -> DcEntry {
    session.dcs.iter().find(|dc| dc.auth_key.is_some()).expect("is logged in").clone()
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
