//! `LibSqlBackend` behind the real client, on a libSQL server and on a copy of its
//! database.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use drop_in::life::Life;
use drop_in::{Open, kinds};
use ferogram_session_servers::shared::OfProgram;
use ferogram_session_servers::sqld::Sqld;

const BOT: &str = env!("CARGO_BIN_EXE_bot");

static SERVER: OfProgram<Sqld> = OfProgram::new();

/// The place of a session that nobody else uses, as `kinds` takes it.
fn place(server: &Sqld) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    format!("{}#session-{}", server.url(), NUMBER.fetch_add(1, Ordering::SeqCst))
}

/// The same, of a copy in `folder` that nobody else has.
fn copy(folder: &Path, place: &str) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = format!("copy-{}.db", NUMBER.fetch_add(1, Ordering::SeqCst));
    format!("{} {place}", folder.join(name).to_str().unwrap())
}

fn on_server() -> Open {
    let server = SERVER.get(Sqld::open);
    let place = place(&server);
    Arc::new(move || {
        let _runs = &server;
        kinds::open("libsql-server", &place)
    })
}

fn on_copies() -> Open {
    let server = SERVER.get(Sqld::open);
    let (folder, place) = (tempfile::tempdir().unwrap(), place(&server));
    Arc::new(move || {
        let _runs = &server;
        kinds::open("libsql-replica", &copy(folder.path(), &place))
    })
}

drop_in::backends! {
    server: on_server();
    replica: on_copies();
}

#[test]
fn a_life_on_a_server() {
    let server = SERVER.get(Sqld::open);
    let life = || Life::new(BOT, "libsql-server", place(&server));
    life().whole();
    life().killed_early(15);
    life().killed(15);
}

/// Each time the bot goes on with the copy that it left, whatever it was doing.
#[test]
fn a_life_on_a_copy() {
    let server = SERVER.get(Sqld::open);
    let folder = tempfile::tempdir().unwrap();
    let life = || {
        let place = place(&server);
        let bots = copy(folder.path(), &place);
        Life::new(BOT, "libsql-replica", bots).seen_by("libsql-server", place)
    };
    life().whole();
    life().killed_early(8);
    life().killed(10);
}
