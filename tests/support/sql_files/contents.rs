//! What a file holds.

use super::{FileBackend, change, folder, rows};
use crate::sessions::{dc, full, normal, user};
use ferogram_session::{CachedPeer, DcFlags, PersistedSession, Statement, UpdateStateChange};
use std::fs;
use std::io;

pub fn many_sessions_share_a_file_and_nothing_else<B: FileBackend>() {
    let folder = folder();
    let first = B::opened(&folder.path().join("sessions.db")).unwrap();
    let second = first.other("a/b%2F \u{fc} \"'");
    first.save(&full(3)).unwrap();
    second.save(&full(5)).unwrap();
    assert_eq!(first.names(), ["a/b%2F \u{fc} \"'", "default"]);
    first.delete().unwrap();
    assert_eq!(first.load().unwrap(), None);
    assert_eq!(second.load().unwrap().map(normal), Some(normal(full(5))));
    assert!(first.other("").load().is_err(), "an empty name is no session");
}

pub fn every_file_is_readable_by_its_owner_only<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    let backend = B::at(&path);
    assert!(backend.load().unwrap().is_none());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "asking creates nothing");
    backend.save(&full(1)).unwrap();
    let mut seen = Vec::new();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{:?}", entry.file_name());
        }
        seen.push(entry.file_name().into_string().unwrap());
    }
    seen.sort();
    let expected = ["sessions.db", "sessions.db-shm", "sessions.db-wal", "sessions.db.lock"];
    assert_eq!(seen, expected, "the database, its log and its index, and the lock");
}

/// Tables that somebody drops while they are in use.
pub fn tables_that_are_gone_hold_no_sessions<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    let (backend, other) = (B::at(&path), B::at(&path));
    backend.save(&full(1)).unwrap();
    assert_eq!(backend.names(), ["default"]);
    for table in ["meta", "sessions", "dcs", "channels", "peers", "min_peers"] {
        let drop = Statement::new(format!("DROP TABLE ferogram_{table}"), vec![]);
        other.database().batch(&[drop], true).unwrap();
    }
    assert_eq!(backend.names(), [""; 0]);
    assert_eq!(backend.load().unwrap(), None);
    backend.other("new").save(&full(2)).unwrap();
    assert_eq!(backend.names(), ["new"]);
}

pub fn what_is_no_database_is_an_error_and_stays<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    fs::write(&path, vec![b'x'; 4_096]).unwrap();
    let backend = B::at(&path);
    for error in [
        backend.load().map(drop).unwrap_err(),
        backend.save(&full(1)).unwrap_err(),
        backend.delete().unwrap_err(),
        B::opened(&path).map(drop).unwrap_err(),
    ] {
        assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{error}");
        assert!(error.to_string().contains("sessions.db"), "{error}");
    }
    assert_eq!(fs::read(&path).unwrap(), vec![b'x'; 4_096]);
    let nowhere = B::at(&folder.path().join("missing/sessions.db"));
    assert!(nowhere.load().unwrap().is_none());
    assert!(nowhere.save(&full(1)).unwrap_err().to_string().contains("folder"), "says what to do");
}

pub fn a_row_that_is_no_record_is_an_error_and_not_skipped<B: FileBackend>() {
    let changes = [
        "UPDATE ferogram_dcs SET auth_key = x'00' WHERE auth_key IS NOT NULL",
        "UPDATE ferogram_dcs SET addr = 'elsewhere'",
        "UPDATE ferogram_dcs SET addr = CAST(x'ff' AS TEXT)",
        "UPDATE ferogram_dcs SET flags = 300",
        "UPDATE ferogram_peers SET flags = 1000",
        "UPDATE ferogram_peers SET kind = 9 WHERE kind = 0",
        "UPDATE ferogram_peers SET access_hash = 'text'",
        "UPDATE ferogram_channels SET pts = 1099511627776",
        "UPDATE ferogram_sessions SET pts = 1.5",
        "DELETE FROM ferogram_sessions",
        "UPDATE ferogram_meta SET value = '2' WHERE name = 'schema'",
        "UPDATE ferogram_meta SET value = 'x' WHERE name = 'schema'",
    ];
    for sql in changes {
        let folder = folder();
        let path = folder.path().join("sessions.db");
        B::at(&path).save(&full(3)).unwrap();
        change(&B::at(&path), sql);
        let error = B::at(&path).load().unwrap_err();
        let text = error.to_string();
        assert!(text.contains("sessions.db") && text.contains("load"), "{text}");
        use io::ErrorKind::{InvalidData, Unsupported};
        assert!(matches!(error.kind(), InvalidData | Unsupported), "{text}");
        // A session that was not read is not written over.
        let tables = ["sessions", "dcs", "channels", "peers", "min_peers"];
        let content = || tables.map(|table| rows(&B::at(&path), &stored(table)));
        let before = content();
        for session in [full(3), full(0), PersistedSession::default()] {
            let backend = B::at(&path);
            for _ in 0..2 {
                assert!(backend.save(&session).is_err(), "{sql}, save");
            }
        }
        assert_eq!(content(), before, "{sql}");
        // Counters and peers may be told anew; a login that is damaged stays so.
        if sql.contains("ferogram_dcs") || sql.starts_with("DELETE") {
            let key = full(0).dcs.remove(1);
            for _ in 0..2 {
                assert!(B::at(&path).update_dc(&key).is_err(), "{sql}, update_dc");
                assert!(B::at(&path).set_home_dc(4).is_err(), "{sql}, set_home_dc");
                let _ = B::at(&path).cache_peer(&user(77, 7));
                let _ = B::at(&path).apply_update_state(UpdateStateChange::Secondary { qts: 5 });
                assert!(B::at(&path).load().is_err(), "{sql}");
            }
            assert_eq!(content()[1], before[1], "{sql}");
        }
    }
}

pub fn a_stray_row_does_not_keep_others_from_their_login<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    B::at(&path).save(&full(3)).unwrap();
    change(&B::at(&path), "UPDATE ferogram_dcs SET session = 'efault' WHERE dc_id = 2");
    let error = B::at(&path).load().unwrap_err();
    assert!(error.to_string().contains("remove that row"), "{error}");
    let other = B::at(&path).other("other");
    other.set_home_dc(4).unwrap();
    other.update_dc(&dc(4, DcFlags::NONE, Some(4))).unwrap();
    assert_eq!(other.load().unwrap().unwrap().home_dc_id, 4);
    assert!(B::at(&path).load().is_err(), "still there");
    // One that has not logged in yet, or not to the end.
    let other = B::at(&path).other("another bot");
    other.set_home_dc(2).unwrap();
    other.update_dc(&dc(2, DcFlags::NONE, None)).unwrap();
    assert_eq!(B::at(&path).other("another bot").load().unwrap().unwrap().home_dc_id, 2);
    // Names that are one change away from that of the row.
    for name in ["efaul", "efault2", "eFault"] {
        let close = B::at(&path).other(name);
        close.set_home_dc(2).unwrap();
        assert!(B::at(&path).other(name).load().is_err(), "{name}");
    }
}

/// A session whose own row is lost can be found by those of its datacentres.
pub fn a_session_without_its_row_is_listed_and_damaged<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    for name in ["one", "two", "three"] {
        B::at(&path).other(name).save(&full(3)).unwrap();
    }
    change(&B::at(&path), "DELETE FROM ferogram_sessions WHERE session = 'two'");
    assert_eq!(B::at(&path).names(), ["one", "three", "two"]);
    let error = B::at(&path).other("two").load().unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{error}");
    B::at(&path).other("two").delete().unwrap();
    assert_eq!(B::at(&path).names(), ["one", "three"]);
}

/// They came to be together, whichever of them are left.
pub fn tables_of_which_some_are_gone_are_damage<B: FileBackend>() {
    const TABLES: [&str; 6] = ["meta", "sessions", "dcs", "channels", "peers", "min_peers"];
    for left in TABLES {
        let folder = folder();
        let path = folder.path().join("sessions.db");
        let other = B::at(&path);
        other.save(&full(1)).unwrap();
        for table in TABLES.into_iter().filter(|table| *table != left) {
            let drop = Statement::new(format!("DROP TABLE ferogram_{table}"), vec![]);
            other.database().batch(&[drop], true).unwrap();
        }
        for error in [
            B::at(&path).load().map(drop).unwrap_err(),
            B::at(&path).save(&full(1)).unwrap_err(),
            B::at(&path).set_home_dc(1).unwrap_err(),
        ] {
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{left}: {error}");
        }
    }
}

fn stored(table: &str) -> String {
    format!("SELECT * FROM ferogram_{table} ORDER BY 1, 2, 3")
}

pub fn granular_calls_equal_load_change_save<B: FileBackend>() {
    let backend = B::memory();
    backend.save(&full(50)).unwrap();
    let mut session = full(50);
    backend.apply_update_state(UpdateStateChange::Channel { id: 7, pts: 1 }).unwrap();
    session.updates_state.set_channel_pts(7, 1);
    backend.cache_peer(&CachedPeer { access_hash: 0, ..user(8, 0) }).unwrap();
    backend.apply_update_state(UpdateStateChange::Secondary { qts: -1 }).unwrap();
    session.updates_state.qts = -1;
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(session)));
}

pub fn text_comes_back_as_it_was<B: FileBackend>() {
    let folder = folder();
    let mut session = full(1);
    session.dcs[0].addr = "a\0b'\"\\ \u{1f600}\u{fffd}".into();
    session.dcs[1].addr = String::new();
    session.future_auth_token = Some(vec![]);
    let backend = B::at(&folder.path().join("sessions.db"));
    backend.save(&session).unwrap();
    assert_eq!(backend.load().unwrap().map(normal), Some(normal(session)));
}

/// SQLite takes a file without a byte for a new database. So do we where
/// nothing says that it was in use; else its session is gone, not absent.
pub fn an_emptied_database_is_damage_and_an_empty_file_is_none<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    let beside = |suffix: &str| folder.path().join(format!("sessions.db{suffix}"));
    // As `touch` leaves it.
    fs::write(&path, "").unwrap();
    assert_eq!(B::at(&path).load().unwrap(), None);
    B::at(&path).save(&full(2)).unwrap();
    assert_eq!(B::at(&path).load().unwrap().map(normal), Some(normal(full(2))));
    let damaged = |what: &str| {
        for error in [
            B::at(&path).load().map(drop).unwrap_err(),
            B::at(&path).save(&full(1)).unwrap_err(),
            B::at(&path).set_home_dc(1).unwrap_err(),
            B::at(&path).delete().unwrap_err(),
            B::opened(&path).map(drop).unwrap_err(),
        ] {
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{error}");
            assert!(error.to_string().contains(what), "{error}");
        }
    };
    fs::write(&path, "").unwrap();
    damaged("is empty");
    assert_eq!(fs::read(&path).unwrap(), b"", "left as it was");
    // SQLite takes a file of one byte for one of none.
    fs::write(&path, "S").unwrap();
    damaged("is cut off");
    assert_eq!(fs::read(&path).unwrap(), b"S", "left as it was");
    // Gone, but the log, in which the login may stand, is there.
    fs::remove_file(&path).unwrap();
    assert_eq!(B::at(&path).load().unwrap(), None);
    fs::write(beside("-wal"), "a log").unwrap();
    damaged("is gone");
    assert_eq!(fs::read(beside("-wal")).unwrap(), b"a log");
    // As the message says.
    fs::remove_file(beside("-wal")).unwrap();
    fs::remove_file(beside(".lock")).unwrap();
    B::at(&path).save(&full(3)).unwrap();
    assert_eq!(B::at(&path).load().unwrap().map(normal), Some(normal(full(3))));
}

pub fn a_crash_while_the_database_is_made_leaves_nothing_in_its_place<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    // What it would leave.
    for leftover in ["sessions.db.new", "sessions.db.new-journal"] {
        fs::write(folder.path().join(leftover), "half of it").unwrap();
    }
    fs::write(folder.path().join("sessions.db.lock"), "12").unwrap();
    assert_eq!(B::at(&path).load().unwrap(), None);
    B::at(&path).save(&full(2)).unwrap();
    assert_eq!(B::at(&path).load().unwrap().map(normal), Some(normal(full(2))));
    let left = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(!left.into_iter().any(|name| name.to_string_lossy().contains(".new")));
}
