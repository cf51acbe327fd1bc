//! What the calls of a program cost that has just begun.

use crate::backends::{Folder, Kind};
use crate::calls::load;
use crate::fresh;
use crate::heap;
use crate::measure::Bench;
use crate::session::{Rng, change_ten, seen_again};
use ferogram_session::{PersistedSession, UpdateStateChange};
use std::fs;
use std::io;

pub(crate) fn first_save(bench: &Bench, kind: Kind, session: &PersistedSession, folder: &Folder) {
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
pub(crate) fn run(
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
