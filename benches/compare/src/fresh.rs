//! What a program pays that has just begun: the system hands memory out page
//! by page, the first time that each is written to.

use crate::backends::{Folder, Kind};
use crate::measure::Bench;
use ferogram_session::{CachedPeer, SessionBackend, StringSessionBackend};
use std::hint::black_box;
use std::io;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// What a new process is to do: `start/file`, say.
const START: &str = "start/";
const TOUCH: &str = "touch";
const TEXT: &str = "text";

/// Starts this program again and again, and takes the times that it prints.
pub(crate) fn start(bench: &Bench, name: &str, kind: Kind, folder: &Folder) {
    again(bench, name, &format!("{START}{}", kind.name()), &folder.0);
}

/// A string backend that is given the string which stands in a file.
pub(crate) fn start_from_text(
    bench: &Bench,
    name: &str,
    text: &str,
    folder: &Folder,
) -> io::Result<()> {
    std::fs::write(folder.0.join(TEXT), text)?;
    again(bench, name, TEXT, &folder.0);
    Ok(())
}

fn load_text(place: &Path) -> io::Result<Duration> {
    let text = std::fs::read_to_string(place.join(TEXT))?;
    let began = Instant::now();
    let backend = StringSessionBackend::new(text);
    let loaded = backend.load()?;
    let took = began.elapsed();
    drop_later((backend, loaded));
    Ok(took)
}

/// The bytes of a file, and the memory of a session, which no start can do without.
#[cfg(all(feature = "caches", feature = "sqlite"))]
pub(crate) fn touch(bench: &Bench, name: &str, folder: &Folder) {
    again(bench, name, TOUCH, &folder.0);
}

fn again(bench: &Bench, name: &str, group: &str, place: &Path) {
    let program = std::env::current_exe().expect("a program");
    bench.reported(name, || {
        let mut command = Command::new(&program);
        let size = bench.size.to_string();
        let output = command.arg(group).arg(size).arg(place).arg("0").output().expect("starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8_lossy(&output.stdout);
        text.trim().parse().expect("nanoseconds")
    });
}

/// Does it, if this is such a process: before anything else takes memory.
pub(crate) fn run(group: &str, size: usize, place: PathBuf) -> Option<io::Result<()>> {
    let began = Instant::now();
    let done = if group == TOUCH {
        read_and_fill(size, &place).map(|()| began.elapsed())
    } else if group == TEXT {
        load_text(&place)
    } else {
        let name = group.strip_prefix(START)?;
        let kind = Kind::ALL.iter().find(|kind| kind.name() == name)?;
        // It is somebody else's, who removes it.
        let folder = ManuallyDrop::new(Folder(place));
        kind.open(&folder).and_then(|backend| {
            let loaded = backend.load()?;
            let took = began.elapsed();
            // A journal may have added some.
            assert!(loaded.as_ref().is_some_and(|loaded| loaded.peers.len() >= size));
            drop_later((backend, loaded));
            Ok(took)
        })
    };
    Some(done.map(|took| println!("{}", took.as_nanos())))
}

fn read_and_fill(size: usize, place: &Path) -> io::Result<()> {
    let bytes = std::fs::read(place.join("bot.session"))?;
    let peer = |id| CachedPeer {
        id,
        access_hash: id,
        is_channel: false,
        is_chat: false,
        channel_kind: None,
        is_community: false,
    };
    drop_later((bytes, (0..size as i64).map(peer).collect::<Vec<_>>()));
    Ok(())
}

/// Giving back is no part of a start, and the process ends anyway.
fn drop_later<T>(value: T) {
    black_box(ManuallyDrop::new(value));
}
