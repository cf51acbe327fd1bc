//! Calls that fail: nobody answers, what is stored is damaged, another program
//! holds the lock.

use super::said;
use ferogram_session::{
    BinaryFileBackend, DcEntry, SessionBackend, SqliteBackend, Statement, StringSessionBackend,
};
use ferogram_session_tests::secret::{KEY, hides, session};
use ferogram_session_tests::sql_files::FileBackend;
use std::fs::{self, File};
use std::io;
use std::path::Path;

fn is_quiet(error: &io::Error) {
    hides(&format!("{error} {error:?} {error:#?}"));
}

/// Every call, of which these at least must fail; and what is logged of it.
pub(super) fn fails(name: &str, backend: &dyn SessionBackend, must: &[&str]) {
    hides(&said());
    let session = session();
    let entry = DcEntry { auth_key: Some(KEY.map(|byte| byte ^ 1)), ..session.dcs[0].clone() };
    let calls = [
        ("load", backend.load().map(drop)),
        ("save", backend.save(&session)),
        ("update_dc", backend.update_dc(&entry)),
        ("set_home_dc", backend.set_home_dc(4)),
        ("cache_peer", backend.cache_peer(&session.peers[0])),
    ];
    for (call, result) in calls {
        match result {
            Err(error) => is_quiet(&error),
            Ok(()) => assert!(!must.contains(&call), "{name}: {call} does not fail"),
        }
    }
    let text = said();
    assert!(text.contains("failed"), "{name} logs no failure");
    hides(&text);
}

/// Calls of a backend that nobody answers.
pub(super) fn in_vain(name: &str, backend: &dyn SessionBackend) {
    fails(name, backend, &["load", "save"]);
}

/// A file with something wrong at every place, and what becomes of it.
pub(super) fn damaged_file(path: &Path) {
    let backend = BinaryFileBackend::new(path);
    backend.save(&session()).unwrap();
    backend.set_home_dc(3).unwrap();
    let (whole, previous) = (fs::read(path).unwrap(), path.with_extension("session.prev"));
    let kept = fs::read(&previous).unwrap();
    let (mut damaged, mut recovered) = (0, 0);
    for at in (0..whole.len()).step_by(5) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        for bytes in [&bytes[..], &whole[..at]] {
            fs::write(path, bytes).unwrap();
            if at % 2 == 0 {
                fs::write(&previous, &kept).unwrap();
            } else {
                let _ = fs::remove_file(&previous);
            }
            let backend = BinaryFileBackend::new(path);
            if backend.load().is_err() {
                damaged += 1;
                fails("a damaged file", &backend, &["load", "save", "set_home_dc"]);
            }
            for result in [backend.recover(), backend.recover_unchecked()] {
                match result {
                    Ok(_) => recovered += 1,
                    Err(error) => is_quiet(&error),
                }
            }
        }
    }
    assert!(damaged > 200 && recovered > 100, "{damaged} damaged, {recovered} recovered");
    hides(&said());
}

pub(super) fn damaged_string() {
    let text = session().to_string();
    for len in [1, text.len() / 3, text.len() - 5] {
        fails("a damaged string", &StringSessionBackend::new(&text[..len]), &["load", "save"]);
    }
}

/// What makes the row of a table unreadable, or another one than was written.
pub(super) const DAMAGED_ROWS: [&str; 4] = [
    "UPDATE ferogram_dcs SET first_salt = first_salt - 1",
    "UPDATE ferogram_dcs SET flags = flags + 1024",
    "UPDATE ferogram_dcs SET checksum = checksum + 1",
    "UPDATE ferogram_peers SET kind = 9",
];

/// Rows that only SQLite takes.
const ILL_TYPED: [&str; 4] = [
    "UPDATE ferogram_dcs SET first_salt = 'x' || first_salt",
    "UPDATE ferogram_dcs SET auth_key = CAST(auth_key || X'AD' AS BLOB)",
    "UPDATE ferogram_peers SET access_hash = 'x' || access_hash",
    "UPDATE ferogram_sessions SET token = access_hash FROM ferogram_peers",
];

/// A database in a file, on libSQL's engine as all are here, of which a row, or the file itself, is damaged.
pub(super) fn damaged_database(folder: &Path) {
    for (nth, sql) in DAMAGED_ROWS.iter().chain(&ILL_TYPED).enumerate() {
        let path = folder.join(format!("damaged-{nth}.db"));
        let backend = SqliteBackend::new(&path);
        backend.save(&session()).unwrap();
        let statement = Statement::new((*sql).to_owned(), vec![]).guard();
        assert!(backend.database().batch(&[statement], false).unwrap(), "{sql}");
        drop(backend);
        fails(sql, &SqliteBackend::new(&path), &["load"]);
    }
    let path = folder.join("overwritten.db");
    SqliteBackend::new(&path).save(&session()).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    bytes[..16].copy_from_slice(&KEY[..16]);
    fs::write(&path, bytes).unwrap();
    fails("an overwritten database", &SqliteBackend::new(&path), &["load", "save"]);
}

/// Another program holds the lock, until the deadline.
pub(super) fn locked_out(backend: &dyn SessionBackend, lock: &Path) {
    backend.save(&session()).unwrap();
    let file = File::options().read(true).write(true).open(lock).unwrap();
    file.lock().unwrap();
    let error = backend.set_home_dc(1).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut, "{error}");
    is_quiet(&error);
}
