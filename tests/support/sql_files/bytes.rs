//! Damage to the bytes of a database and of its log.

use super::{FileBackend, folder, rows};
use crate::damage::names_remedy;
use crate::sessions::{dc, full, normal, user};
use ferogram_session::{DcFlags, PersistedSession, UpdateStateChange};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What a folder with a database holds, and the sessions that were stored in it, the
/// last one last.
struct Sample {
    what: &'static str,
    database: Vec<u8>,
    log: Option<Vec<u8>>,
    states: Vec<PersistedSession>,
}

/// Copies of a database at work, and of one that is closed.
fn samples<B: FileBackend>() -> Vec<Sample> {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    let mut states = Vec::new();
    let mut samples = Vec::new();
    let mut backend = B::at(&path);
    backend.save(&full(40)).unwrap();
    states.push(normal(backend.load().unwrap().unwrap()));
    for (nth, what) in
        ["new", "after another login", "closed and opened again"].into_iter().enumerate()
    {
        let pts = 100 + nth as i32;
        let step = |call: &dyn Fn() -> io::Result<()>, states: &mut Vec<_>| {
            call().unwrap();
            states.push(normal(backend.load().unwrap().unwrap()));
        };
        step(
            &|| backend.apply_update_state(UpdateStateChange::Secondary { qts: pts }),
            &mut states,
        );
        step(&|| backend.cache_peer(&user(pts.into(), 9)), &mut states);
        samples.push(sample(what, &path, &states));
        step(&|| backend.update_dc(&dc(2, DcFlags::STATIC, Some(50 + nth as u8))), &mut states);
        if nth == 1 {
            drop(backend);
            samples.push(sample("closed", &path, &states));
            backend = B::at(&path);
        }
    }
    samples
}

fn sample(what: &'static str, path: &Path, states: &[PersistedSession]) -> Sample {
    let (database, log) = (fs::read(path).unwrap(), fs::read(path.with_extension("db-wal")).ok());
    Sample { what, database, log, states: states.to_vec() }
}

/// The files of a sample, one of them damaged.
struct Damaged<'a> {
    what: String,
    database: &'a [u8],
    log: Option<&'a [u8]>,
}

impl Sample {
    /// Its files, one of which may be damaged, where a backend opens them.
    fn put(database: &[u8], log: Option<&[u8]>) -> tempfile::TempDir {
        let folder = folder();
        let path = folder.path().join("sessions.db");
        fs::write(&path, database).unwrap();
        fs::write(path.with_extension("db.lock"), "1").unwrap();
        if let Some(log) = log {
            fs::write(path.with_extension("db-wal"), log).unwrap();
        }
        folder
    }
}

/// What stands in the tables, as far as they can be read. The home DC and the
/// version of a session are left out: a call that is not refused writes them.
fn tables<B: FileBackend>(backend: &B) -> Vec<Option<BTreeSet<String>>> {
    const TABLES: [&str; 5] = [
        "session, pts, qts, date, seq, token FROM ferogram_sessions",
        "* FROM ferogram_dcs",
        "* FROM ferogram_channels",
        "* FROM ferogram_peers",
        "* FROM ferogram_min_peers",
    ];
    let read =
        |table: &&str| Some(rows(backend, &format!("SELECT {table}"))?.into_iter().collect());
    TABLES.iter().map(read).collect()
}

/// Numbers that look random and are the same each time.
fn numbers() -> impl FnMut(usize) -> usize {
    let mut state = 1_u64;
    move |end| {
        let next = state.wrapping_mul(6_364_136_223_846_793_005);
        state = next.wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % end.max(1)
    }
}

/// One byte in so many, of either file, has a bit changed, and one in four
/// times as many is where the file ends.
fn every() -> usize {
    let set = std::env::var("FEROGRAM_SESSION_DAMAGED_EVERY").ok();
    set.map_or(59, |every| every.parse().expect("FEROGRAM_SESSION_DAMAGED_EVERY is a number"))
}

fn damage(sample: &Sample, mut check: impl FnMut(Damaged<'_>)) {
    let mut below = numbers();
    let Sample { what, database, log, .. } = sample;
    for (file, bytes) in [("database", Some(database)), ("log", log.as_ref())] {
        let Some(bytes) = bytes else { continue };
        let mut with = |damaged: &[u8], how: String| {
            let what = format!("{what}, {how} of the {file}");
            check(match file {
                "database" => Damaged { what, database: damaged, log: log.as_deref() },
                _ => Damaged { what, database, log: Some(damaged) },
            });
        };
        for at in [0, 1, 2, 16, 100, 511].into_iter().filter(|at| *at < bytes.len()) {
            with(&bytes[..at], format!("the first {at} bytes"));
        }
        let mut at = below(every());
        while at < bytes.len() {
            let mut flipped = bytes.clone();
            let bit = below(8);
            flipped[at] ^= 1 << bit;
            with(&flipped, format!("bit {bit} of byte {at}"));
            if below(4) == 0 {
                with(&bytes[..at], format!("the first {at} bytes"));
            }
            at += 1 + below(2 * every() - 1);
        }
    }
}

/// Whatever is damaged, nobody is told that there is no session, and no wrong
/// key. A database has no checksums but those of its DCs, and a log that is
/// damaged is taken for one that ends there. So what may come back is this:
/// the session with other values of its home DC, token, counters or peers; the
/// session without a DC, but that of its home; the session as it was before,
/// with the keys of its last login.
pub fn no_damage_is_taken_for_no_session<B: FileBackend>() {
    let (mut errors, mut earlier, mut same, mut damaged, mut made) = (0, 0, 0, 0, 0);
    let samples = samples::<B>();
    // Every row that was ever written.
    let mut written = vec![BTreeSet::new(); 5];
    for Sample { database, log, .. } in &samples {
        let folder = Sample::put(database, log.as_deref());
        let rows = tables(&B::at(&folder.path().join("sessions.db")));
        written.iter_mut().zip(rows).for_each(|(all, rows)| all.extend(rows.unwrap()));
    }
    for sample in samples {
        let last = sample.states.last().unwrap();
        let key =
            |session: &PersistedSession, id| session.dcs.iter().find(|dc| dc.dc_id == id)?.auth_key;
        damage(&sample, |Damaged { what, database, log }| {
            let folder = Sample::put(database, log);
            let path = folder.path().join("sessions.db");
            let backend = B::at(&path);
            let loaded = backend.load();
            let loaded = match loaded {
                Ok(loaded) => loaded,
                Err(error) => {
                    errors += 1;
                    // SQLite does not say where, but which file.
                    names_remedy(&error, &what);
                    assert!(error.to_string().contains("sessions.db"), "{what}: {error}");
                    // Nor is it written over.
                    let before = tables(&backend);
                    for session in [full(1), PersistedSession::default()] {
                        assert!(backend.save(&session).is_err(), "{what}: saved over it");
                    }
                    let calls = [backend.set_home_dc(4), backend.update_dc(&full(0).dcs[1])];
                    made += calls.iter().filter(|call| call.is_ok()).count();
                    assert!(backend.load().is_err(), "{what}: mended");
                    let after = tables(&backend);
                    for (nth, (before, after)) in before.iter().zip(&after).enumerate() {
                        let Some(before) = before else {
                            assert!(after.is_none(), "{what}: table {nth} can be read again");
                            continue;
                        };
                        let after = after.as_ref().expect(&what);
                        let odd = before.difference(&written[nth]);
                        damaged += odd.clone().count();
                        let gone: Vec<_> = odd.filter(|row| !after.contains(*row)).collect();
                        assert!(gone.is_empty(), "{what}: {gone:?} was written over: {calls:?}");
                    }
                    // Where nothing could be written, nothing was.
                    if log.is_none() && calls.iter().all(Result::is_err) {
                        drop(backend);
                        assert!(fs::read(&path).unwrap() == database, "{what}: other bytes");
                    }
                    return;
                }
            };
            let loaded = loaded.unwrap_or_else(|| panic!("{what}: no session"));
            let loaded = normal(loaded);
            assert!(loaded.dcs.iter().all(|dc| last.dcs.contains(dc)), "{what}: another key");
            assert_eq!(loaded.home_dc_id, last.home_dc_id, "{what}: another home");
            assert_eq!(key(&loaded, 2), key(last, 2), "{what}: no key");
            earlier +=
                usize::from(sample.states.iter().rev().skip(1).any(|state| *state == loaded));
            same += usize::from(loaded == *last);
        });
    }
    println!(
        "{errors} damaged databases are errors, {earlier} are as they were before, {same} the \
         same; {damaged} damaged rows stayed, beside {made} calls that were made"
    );
    // Or nothing was damaged.
    assert!(errors > 20 && earlier > 20 && same > 20, "{errors}, {earlier}, {same}");
    assert!(damaged > 20, "{damaged} rows");
}

/// A database that was closed, and its bytes.
fn closed<B: FileBackend>() -> (tempfile::TempDir, PathBuf, Vec<u8>) {
    let folder = folder();
    let path = folder.path().join("sessions.db");
    B::at(&path).save(&full(3)).unwrap();
    let good = fs::read(&path).unwrap();
    (folder, path, good)
}

/// SQLite finds a row by its neighbours: one whose head is damaged hides others,
/// the key of the login among them.
pub fn rows_that_are_not_found_are_damage<B: FileBackend>() {
    let (_folder, path, good) = closed::<B>();
    // How long a head is, before the session and the number of a datacentre.
    const HEAD: usize = 11;
    let is_row = |at: &usize| {
        good[*at..].starts_with(b"default\x02") && good[at.saturating_sub(HEAD)] == HEAD as u8
    };
    let rows: Vec<_> = (HEAD..good.len()).filter(is_row).map(|at| at - HEAD).collect();
    assert!(rows.len() > 1, "{rows:?}");
    let mut errors = 0;
    for (at, bit) in rows.into_iter().flat_map(|at| (0..8).map(move |bit| (at, bit))) {
        let mut bytes = good.clone();
        bytes[at] ^= 1 << bit;
        fs::write(&path, bytes).unwrap();
        match B::at(&path).load() {
            Err(error) => {
                errors += 1;
                names_remedy(&error, "a damaged head");
            }
            Ok(loaded) => {
                let loaded = loaded.unwrap();
                let key = |dc: &ferogram_session::DcEntry| dc.dc_id == 2 && dc.auth_key.is_some();
                assert!(loaded.dcs.iter().any(key), "bit {bit} of byte {at}: no key");
            }
        }
    }
    assert!(errors > 8, "{errors}");
}

/// With another home a client looks for another key, finds none, and logs in anew.
pub fn another_home_is_damage<B: FileBackend>() {
    let (_folder, path, good) = closed::<B>();
    // The number stands at the end of its column, behind its check.
    let is_home = |at: &usize| matches!(good[*at..], [0x5A, _, _, _, 0, 0, 0, 2, ..]);
    let found: Vec<_> = (0..good.len()).filter(is_home).collect();
    let &[home] = found.as_slice() else { panic!("homes at {found:?}") };
    for (at, bit) in (home..home + 8).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
        let mut bytes = good.clone();
        bytes[at] ^= 1 << bit;
        fs::write(&path, &bytes).unwrap();
        let backend = B::at(&path);
        let what = format!("bit {bit} of byte {}", at - home);
        let error = backend.load().expect_err(&what);
        assert!(error.to_string().contains("ferogram_sessions"), "{what}: {error}");
        names_remedy(&error, &what);
        assert!(backend.save(&full(3)).is_err(), "{what}: written over by a save");
        drop(backend);
        assert!(fs::read(&path).unwrap() == bytes, "{what}: other bytes");
    }
}
