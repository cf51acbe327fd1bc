//! What a deleted session leaves behind.

use super::{FileBackend, folder, rows};
use crate::golden::{Golden, files};
use crate::sessions::{dc, full, normal};
use ferogram_session::{DcFlags, PersistedSession, Statement, Value, testing};
use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

/// In none of the files, the log and the lock among them, while they are open
/// and when they are closed.
pub fn a_deleted_session_leaves_no_key_behind<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    let (backend, other) = (B::at(&path), B::at(&path));
    backend.save(&full(100)).unwrap();
    backend.update_dc(&dc(5, DcFlags::NONE, Some(77))).unwrap();
    backend.other("stays").set_home_dc(2).unwrap();
    let session = other.load().unwrap().unwrap();
    assert_eq!(found(folder.path(), &session), secrets(&session).len(), "all of it is somewhere");
    backend.delete().unwrap();
    assert_eq!(found(folder.path(), &session), 0, "while it is open");
    backend.other("stays").set_home_dc(4).unwrap();
    assert_eq!(other.load().unwrap(), None);
    assert_eq!(found(folder.path(), &session), 0, "and goes on");
    drop((backend, other));
    assert_eq!(found(folder.path(), &session), 0, "when it is closed");
}

/// The keys and the token.
pub(super) fn secrets(session: &PersistedSession) -> Vec<Vec<u8>> {
    let keys = session.dcs.iter().filter_map(|dc| Some(dc.auth_key?.to_vec()));
    keys.chain(session.future_auth_token.clone()).collect()
}

/// As much of a secret as is no accident, and as fits between the borders of pages.
const PART: usize = 16;

/// Of how many of the secrets a part is in any file of the folder.
pub(super) fn found(folder: &Path, session: &PersistedSession) -> usize {
    let files = fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    let files: Vec<_> = files.collect();
    assert!(!files.is_empty());
    let secrets = secrets(session);
    let parts: HashSet<&[u8]> =
        secrets.iter().flat_map(|secret| secret.chunks_exact(PART)).collect();
    let there = files.iter().flat_map(|bytes| bytes.windows(PART));
    let there: HashSet<&[u8]> = there.filter(|part| parts.contains(part)).collect();
    let holds = |secret: &&Vec<u8>| secret.chunks_exact(PART).any(|part| there.contains(part));
    secrets.iter().filter(holds).count()
}

/// A database as 0.6.6 leaves it after some logins, and the keys of all of
/// them: it overwrites nothing that it deletes.
fn worn<B: FileBackend>(path: &Path) -> PersistedSession {
    let is_full = |golden: &Golden| golden.name() == "0.6.6-full.db";
    let golden = files("sqlite", "db").into_iter().find(is_full).unwrap();
    fs::copy(&golden.path, path).unwrap();
    let backend = B::at(path);
    let run = |sql: &str, params: Vec<Value>| {
        let statement = Statement::new(sql.to_owned(), params);
        backend.database().batch(&[statement], true).unwrap();
    };
    assert_eq!(rows(&backend, "PRAGMA secure_delete = OFF").unwrap(), ["0"]);
    let mut all = golden.expected.unwrap();
    let mut seeds = 0..=255_u8;
    for login in 0..4 {
        run("DELETE FROM dcs WHERE dc_id > 1000", vec![]);
        // Each time fewer, so that pages are freed, and cells in others.
        for (nth, seed) in (0..60 - 15 * login).zip(&mut seeds) {
            let mut entry = dc(1_001 + nth, DcFlags::NONE, None);
            let key = std::array::from_fn(|at| (at as u8).wrapping_mul(11) ^ seed);
            let params =
                vec![entry.dc_id.into(), entry.addr.as_str().into(), key.as_slice().into()];
            entry.auth_key = Some(key);
            run("INSERT INTO dcs (dc_id, addr, auth_key) VALUES (?1, ?2, ?3)", params);
            all.dcs.push(entry);
        }
    }
    all
}

/// What an older release left in the free space of the file is not of the
/// session that is deleted only in name: its keys may still be good.
pub fn a_deleted_session_of_an_older_release_leaves_no_key_behind<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("old.db");
    let keys = worn::<B>(&path);
    let backend = B::at(&path);
    let stored = backend.load().unwrap().unwrap();
    let freed = found(folder.path(), &keys) - secrets(&stored).len();
    assert!(freed > 10, "nothing was freed: {freed}");
    backend.other("stays").save(&full(300)).unwrap();
    let settings = || ["page_size", "journal_mode", "secure_delete", "auto_vacuum"];
    let settings = || settings().map(|name| rows(&B::at(&path), &format!("PRAGMA {name}")));
    let before = settings();
    backend.delete().unwrap();
    assert_eq!(found(folder.path(), &keys), 0, "while it is open");
    assert_eq!(backend.load().unwrap(), None);
    assert_eq!(backend.names(), ["stays"]);
    drop(backend);
    assert_eq!(found(folder.path(), &keys), 0, "when it is closed");
    let stays = B::at(&path).other("stays");
    assert_eq!(stays.load().unwrap().map(normal), Some(normal(full(300))));
    assert_eq!(settings(), before);
    assert_eq!(rows(&stays, "PRAGMA integrity_check").unwrap(), ["\"ok\""]);
}

/// Nobody took it over, and 0.6.6 deleted it in its own way, which left the keys.
pub fn what_an_older_release_deleted_is_erased_by_a_delete<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("old.db");
    let keys = worn::<B>(&path);
    let old = B::at(&path);
    assert_eq!(rows(&old, "PRAGMA secure_delete = OFF").unwrap(), ["0"]);
    for table in ["meta", "dcs", "update_state", "channel_pts", "peers", "min_peers"] {
        let emptied = Statement::new(format!("DELETE FROM {table}"), vec![]);
        old.database().batch(&[emptied], true).unwrap();
    }
    drop(old);
    assert!(found(folder.path(), &keys) > 10);
    let backend = B::at(&path);
    assert_eq!(backend.load().unwrap(), None);
    backend.delete().unwrap();
    assert_eq!(found(folder.path(), &keys), 0);
    assert_eq!(backend.load().unwrap(), None);
}

/// As with any other session: the log is waited for, and then it is said.
pub fn a_reader_keeps_a_delete_of_an_older_session_waiting<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("old.db");
    let keys = worn::<B>(&path);
    let (backend, reader) = (B::at(&path), B::at(&path));
    backend.load().unwrap();
    let query = Statement::new("SELECT id FROM ferogram_peers LIMIT 1", vec![]);
    let delete = &mut |_: usize, _: &[Value]| {
        let wait = Duration::from_millis(300);
        let error = testing::__within(wait, || backend.delete()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut, "{error}");
        assert!(error.to_string().contains("call `delete()` again"), "{error}");
        assert_eq!(backend.load().unwrap(), None);
        Ok(())
    };
    reader.database().query(&[query], delete).unwrap();
    assert!(found(folder.path(), &keys) > 0, "or it was wrong");
    backend.delete().unwrap();
    assert_eq!(found(folder.path(), &keys), 0);
}
