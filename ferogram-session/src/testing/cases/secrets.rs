//! Law 9: secrets stay secret.

use super::granular::one_of_each;
use super::*;
use crate::DcFlags;
use crate::testing::Capability;
use crate::testing::leaks::{Leaks, Log};
use crate::testing::sample;
use std::fs;
use std::path::{Path, PathBuf};

/// A session whose secrets can be told from anything else.
fn secret_session() -> PersistedSession {
    let mut session = sample::full();
    session.peers.extend((1..5).map(|id| sample::user(id, sample::bits(id as u64) as i64)));
    session
}

pub(in crate::testing) fn law_9_the_name_is_fit_for_a_log(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    let name = backend.name().to_owned();
    assert!(!name.trim().is_empty(), "the name is empty");
    assert!(!name.contains(char::is_control), "the name {name:?} has control characters");
    // `user:password@host` and `?token=..`
    assert!(!name.contains(['@', '?']), "the name {name:?} has userinfo or a query");
    ok(backend.save(&secret_session()), "save");
    Leaks::of(&secret_session()).check(backend.name(), "the name");
    assert_eq!(backend.name(), name, "the name changed with a save");
}

pub(in crate::testing) fn law_9_debug_shows_no_secrets(suite: &Suite) {
    let place = Place::new();
    let session = secret_session();
    let leaks = Leaks::of(&session);
    let backend = suite.make(&place);
    // A backend without `Debug` shows nothing at all.
    let check = |when: &str| {
        if let Some(shown) = backend.debug() {
            leaks.check(&shown, when);
        }
    };
    check("Debug before the first call");
    ok(backend.save(&session), "save");
    check("Debug after save");
    ok(backend.load(), "load");
    check("Debug after load");
    ok(backend.update_dc(&session.dcs[0]), "update_dc");
    check("Debug after update_dc");
}

pub(in crate::testing) fn law_9_errors_show_no_secrets(suite: &Suite) {
    let session = secret_session();
    let leaks = Leaks::of(&session);
    let mut calls = one_of_each();
    calls.extend(session.dcs.iter().cloned().map(Call::UpdateDc));
    calls.extend(session.peers.iter().cloned().map(Call::CachePeer));
    calls.push(Call::Save(Box::new(session.clone())));
    calls.push(Call::Delete);
    let place = Place::new();
    let backend = saved(suite, &place, &session);
    suite.damage(&place);
    let made_again = suite.make_several(&place, 1);
    let (mut texts, mut failed) = (String::new(), 0);
    for backend in [&backend].into_iter().chain(&made_again) {
        let loaded = backend.load().map(|_| ());
        let results = calls.iter().map(|call| call.make(&**backend));
        for error in [loaded].into_iter().chain(results).filter_map(Result::err) {
            assert!(!error.to_string().trim().is_empty(), "an error without a word");
            failed += 1;
            texts += &format!("{error}\n{error:?}\n{error:#?}\n");
            let mut source = error.get_ref().and_then(|error| error.source());
            while let Some(error) = source {
                texts += &format!("{error}\n{error:?}\n");
                source = error.source();
            }
        }
    }
    assert!(failed > 0, "no call failed on what is damaged: there is no error to look at");
    leaks.check(&texts, "an error");
}

pub(in crate::testing) fn law_9_logs_show_no_secrets(suite: &Suite) {
    let session = secret_session();
    let log = Log::default();
    let place = Place::new();
    // Were it the only subscriber, a place in the code that another thread meets first
    // would count as one that nobody listens to.
    let _second = tracing::Dispatch::new(log.clone());
    tracing::subscriber::with_default(log.clone(), || {
        let backend = suite.make(&place);
        save_and_check(&*backend, &session, "after save");
        for dc in &session.dcs {
            ok(backend.update_dc(dc), "update_dc");
        }
        for peer in &session.peers {
            ok(backend.cache_peer(peer), "cache_peer");
        }
        if suite.has(Capability::DetectsDamage) {
            suite.damage(&place);
            let _ = backend.load();
            let _ = backend.save(&session);
            let _ = backend.update_dc(&session.dcs[0]);
        }
        let _ = backend.delete();
    });
    Leaks::of(&session).check(&log.text(), "the log");
}

/// All files below a directory, but for what is in folders that `closed` says
/// nobody can enter.
fn files(dir: &Path, closed: fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && closed(&entry.path()) => {}
            Ok(kind) if kind.is_dir() => all.extend(files(&entry.path(), closed)),
            Ok(kind) if kind.is_file() => all.push(entry.path()),
            _ => {}
        }
    }
    all
}

pub(in crate::testing) fn law_9_files_are_for_their_owner_only(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    check_modes(place.dir(), "before the first call");
    ok(backend.save(&sample::full()), "save");
    check_modes(place.dir(), "after save");
    for call in one_of_each() {
        ok(call.make(&*backend), &format!("{call:?}"));
        check_modes(place.dir(), &format!("after {call:?}"));
    }
    ok(backend.save(&sample::with_peers(2_000)), "save");
    check_modes(place.dir(), "after a large save");
    ok(backend.delete(), "delete");
    check_modes(place.dir(), "after delete");
    ok(backend.save(&sample::other()), "save");
    check_modes(place.dir(), "after delete and save");
}

#[cfg(unix)]
fn check_modes(dir: &Path, when: &str) {
    use std::os::unix::fs::PermissionsExt;

    // It may be gone again: then nobody reads it.
    fn mode(path: &Path) -> u32 {
        fs::metadata(path).map_or(0, |found| found.permissions().mode())
    }
    // The place itself is closed by the suite: what the store closed is below.
    for file in files(dir, |folder| mode(folder) & 0o077 == 0) {
        let mode = mode(&file) & 0o777;
        assert!(mode & 0o077 == 0, "{when}, {} has the mode {mode:03o}", file.display());
    }
}

// Elsewhere files take the rights of their folder, which the user chooses.
#[cfg(not(unix))]
fn check_modes(_: &Path, _: &str) {}

pub(in crate::testing) fn law_9_delete_leaves_no_keys_in_files(suite: &Suite) {
    let place = Place::new();
    let backend = suite.make(&place);
    // Keys that were replaced before are to be gone too.
    let sessions = [sample::other(), secret_session()];
    for session in &sessions {
        ok(backend.save(session), "save");
    }
    let mut later = sample::dc(2, DcFlags::NONE);
    later.auth_key = Some(sample::auth_key(31337));
    ok(backend.update_dc(&later), "update_dc");
    (0..20).for_each(|pts| ok(backend.apply_update_state(primary(pts)), "apply_update_state"));
    ok(backend.delete(), "delete");

    let last = PersistedSession { dcs: vec![later], ..PersistedSession::default() };
    for file in files(place.dir(), |_| false) {
        let bytes = fs::read(&file).unwrap_or_default();
        for session in sessions.iter().chain([&last]) {
            if Leaks::of(session).found_in_bytes(&bytes) {
                panic!("after delete, a key stands in {}", file.display());
            }
        }
    }
}
