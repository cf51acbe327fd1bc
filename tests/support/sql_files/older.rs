//! What a file of an older release holds, and what is taken over from it.

use super::deleted::{found, secrets};
use super::{FileBackend, folder, rows};
use crate::golden::{Golden, files};
use crate::sessions::{full, normal};
use ferogram_session::{PersistedSession, Statement};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Databases of older releases, which may be written to.
fn old_databases(folder: &Path) -> Vec<(String, PathBuf, Option<PersistedSession>)> {
    let copy = |golden: Golden| {
        let path = folder.join(golden.name());
        fs::copy(&golden.path, &path).unwrap();
        (golden.name(), path, golden.expected)
    };
    files("sqlite", "db").into_iter().map(copy).collect()
}

pub fn databases_of_every_release_are_taken_over_once_and_left_as_they_are<B: FileBackend>() {
    let folder = folder();
    for (name, path, expected) in old_databases(folder.path()) {
        let old_rows = || {
            let old = ["meta", "dcs", "update_state", "channel_pts", "peers", "min_peers"];
            let backend = B::at(&path);
            old.map(|table| rows(&backend, &format!("SELECT * FROM {table}")))
        };
        let before = old_rows();
        assert!(before[..5].iter().all(Option::is_some), "{name}");
        let load = || B::at(&path).load().unwrap().map(normal);
        assert_eq!(load(), expected.clone().map(normal), "{name}");
        assert_eq!(load(), expected.clone().map(normal), "{name}, again");
        assert_eq!(old_rows(), before, "{name}");
        if let Some(mut expected) = expected {
            B::at(&path).set_home_dc(5).unwrap();
            expected.home_dc_id = 5;
            assert_eq!(load(), Some(normal(expected)), "{name}, changed");
            // Of all of them one file is left in the folder.
            let alone = super::folder();
            let moved = alone.path().join("old.db");
            fs::copy(&path, &moved).unwrap();
            let stored = load().unwrap();
            assert!(found(alone.path(), &stored) > 0, "{name}");
            let backend = B::at(&moved);
            backend.delete().unwrap();
            assert_eq!(found(alone.path(), &stored), 0, "{name} still holds a key");
            drop(backend);
            assert_eq!(B::at(&moved).load().unwrap(), None, "{name}, deleted");
            assert_eq!(found(alone.path(), &stored), 0, "{name} still holds a key");
        }
    }
}

fn run(backend: &impl FileBackend, sql: &str) {
    assert!(backend.database().batch(&[Statement::new(sql, vec![])], true).unwrap());
}

/// The login in the others is not "no session".
pub fn an_older_database_without_one_of_its_tables_is_damage<B: FileBackend>() {
    let folder = folder();
    for (name, path, expected) in old_databases(folder.path()) {
        let whole = fs::read(&path).unwrap();
        for table in ["meta", "dcs", "update_state", "channel_pts", "peers"] {
            fs::write(&path, &whole).unwrap();
            run(&B::at(&path), &format!("DROP TABLE {table}"));
            let damaged = fs::read(&path).unwrap();
            let backend = B::at(&path);
            if expected.is_none() {
                assert_eq!(backend.load().unwrap(), None, "{name} holds nothing");
                continue;
            }
            for error in [
                backend.load().map(drop).unwrap_err(),
                backend.save(&full(1)).unwrap_err(),
                backend.set_home_dc(4).unwrap_err(),
                backend.delete().unwrap_err(),
            ] {
                assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{name}: {error}");
                let said = error.to_string();
                assert!(said.contains(&format!("`{table}`")) && said.contains("backup"), "{said}");
            }
            drop(backend);
            assert!(fs::read(&path).unwrap() == damaged, "{name} was written to");
        }
        // Once it was taken over, nobody needs them.
        let Some(expected) = expected else { continue };
        fs::write(&path, &whole).unwrap();
        assert!(B::at(&path).load().unwrap().is_some());
        run(&B::at(&path), "DROP TABLE channel_pts");
        assert_eq!(B::at(&path).load().unwrap().map(normal), Some(normal(expected.clone())));
        let alone = super::folder();
        let moved = alone.path().join("old.db");
        fs::copy(&path, &moved).unwrap();
        B::at(&moved).delete().unwrap();
        assert_eq!(found(alone.path(), &expected), 0, "{name} still holds a key");
        assert_eq!(B::at(&moved).load().unwrap(), None);
    }
}

/// Tables of a program's own that happen to have these names.
pub fn tables_of_others_are_not_taken_for_older_ones<B: FileBackend>() {
    let folder = folder();
    let path = folder.path().join("theirs.db");
    let theirs = B::at(&path);
    for sql in [
        "CREATE TABLE meta (a)",
        "CREATE TABLE peers (a)",
        "CREATE TABLE dcs (a)",
        "INSERT INTO meta VALUES (1)",
        "INSERT INTO peers VALUES (2)",
        "INSERT INTO dcs VALUES (3)",
    ] {
        run(&theirs, sql);
    }
    assert_eq!(theirs.load().unwrap(), None);
    theirs.save(&full(2)).unwrap();
    theirs.delete().unwrap();
    for (table, row) in [("meta", "1"), ("peers", "2"), ("dcs", "3")] {
        assert_eq!(rows(&theirs, &format!("SELECT a FROM {table}")).unwrap(), [row]);
    }
}

/// A key that was taken over is as safe from a flipped bit as any other.
pub fn damage_to_a_key_that_was_taken_over_is_found<B: FileBackend>() {
    let folder = folder();
    for (name, path, expected) in old_databases(folder.path()) {
        let Some(expected) = expected else { continue };
        assert!(B::at(&path).load().unwrap().is_some());
        let missing = "SELECT count(*) FROM ferogram_dcs WHERE checksum IS NULL";
        assert_eq!(rows(&B::at(&path), missing).unwrap(), ["0"], "{name}");
        let unchecked = "SELECT count(*) FROM ferogram_sessions WHERE abs(home_dc) < 1 << 32";
        assert_eq!(rows(&B::at(&path), unchecked).unwrap(), ["0"], "{name}");
        let whole = fs::read(&path).unwrap();
        let (mut errors, mut elsewhere) = (0, 0);
        for secret in secrets(&PersistedSession { future_auth_token: None, ..expected.clone() }) {
            let at = |part: &[u8]| part == &secret[100..132];
            let places = whole.windows(32).enumerate().filter(|(_, part)| at(part));
            for (place, _) in places {
                let mut damaged = whole.clone();
                damaged[place + 9] ^= 4;
                let path = folder.path().join("damaged.db");
                fs::write(&path, damaged).unwrap();
                match B::at(&path).load() {
                    Err(error) => {
                        assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{name}: {error}");
                        errors += 1;
                    }
                    // In the older table, which nobody reads any more.
                    Ok(loaded) => {
                        assert_eq!(loaded.map(normal), Some(normal(expected.clone())), "{name}");
                        elsewhere += 1;
                    }
                }
            }
        }
        assert!(errors > 0 && elsewhere >= errors, "{name}: {errors} errors, {elsewhere} none");
    }
}
